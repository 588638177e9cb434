//! How contents and documents stand in the store: compressed, and sealed if there is a key.
//!
//! A packed value tells how it was packed, so that plain and sealed rows, and rows under several
//! keys, can stand side by side while keys change:
//!
//! ```text
//! 1 byte    format: bit 0 compressed with zstd, bit 1 sealed
//! if compressed:
//! 4 bytes   the id of the dictionary, 0 for none
//! if sealed:
//! 4 bytes   the name of the key: the start of the SHA-256 of its purpose and itself
//! 12 bytes  nonce, random
//! rest      the value; if sealed, under AES-256-GCM with its tag, and the format, the id of the
//!           dictionary, the value's purpose and the row's id as associated data: a value that is
//!           moved to another row does not open
//! ```
//!
//! A random nonce of 96 bits may serve some 2^32 values of one key (NIST SP 800-38D, 8.3).

use std::{fmt, str::FromStr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use labgate_core::Secret;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom as _, SystemRandom},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    StoreError,
    compression::{Dictionaries, Trouble},
};

const COMPRESSED: u8 = 1;
const SEALED: u8 = 2;
/// Bytes of a dictionary's id.
const DICTIONARY: usize = 4;
/// Bytes of a key's name.
const NAME: usize = 4;
/// Bytes of a packed value that tell under which key it is.
pub(super) const HEAD: usize = 1 + DICTIONARY + NAME;

/// What a value is for, as it is authenticated with the value. These bytes are frozen: they are
/// the names that the tables had when the first value was sealed, and a table that is renamed
/// keeps the purpose of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Headers and body of a webhook, sealed once, when it is kept.
    Content,
    /// An order's document.
    Order,
    /// An appointment's document.
    Appointment,
    /// A report's document.
    Report,
    /// What is stated beside a key's name.
    Key,
}

impl Purpose {
    /// The frozen bytes, which errors name too.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Content => "webhooks",
            Self::Order => "orders",
            Self::Appointment => "appointments",
            Self::Report => "reports",
            Self::Key => "keys",
        }
    }
}

/// Which value of which row it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) purpose: Purpose,
    pub(super) id: Uuid,
}

impl Place {
    pub(super) const fn new(purpose: Purpose, id: Uuid) -> Self {
        Self { purpose, id }
    }

    const fn name(self) -> &'static str {
        self.purpose.name()
    }
}

/// The name of a key, as rows and errors show it: the start of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyName([u8; NAME]);

impl KeyName {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

/// A text that is no name of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the eight hexadecimal digits that name a key")]
pub struct KeyNameError;

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(text: &str) -> Result<Self, KeyNameError> {
        hex::decode(text).ok().and_then(|bytes| Self::from_bytes(&bytes)).ok_or(KeyNameError)
    }
}

/// The ring of keys, newest first; empty if nothing is sealed. With a key, it opens no value that
/// is in the clear, unless it is a ring that takes them.
#[derive(Clone, Debug, Default)]
pub struct Seal {
    keys: Arc<[SealKey]>,
    dictionaries: Arc<Dictionaries>,
    takes_plain: bool,
}

#[derive(Debug)]
struct SealKey {
    name: KeyName,
    cipher: LessSafeKey,
}

/// What is wrong with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is not base64 of 32 bytes.
    #[error("expected 32 random bytes in base64, as `openssl rand -base64 32` makes them")]
    Malformed,
    /// Another key has its name.
    #[error("the same key stands in the list twice")]
    Repeated,
}

impl Seal {
    /// A ring of `keys`, newest first: the first one seals, every one opens. The error tells
    /// which key is wrong.
    pub fn new(keys: &[Secret]) -> Result<Self, (usize, KeyError)> {
        let mut ring: Vec<SealKey> = Vec::with_capacity(keys.len());
        for (index, secret) in keys.iter().enumerate() {
            let key = SealKey::new(secret).map_err(|error| (index, error))?;
            if ring.iter().any(|known| known.name == key.name) {
                return Err((index, KeyError::Repeated));
            }
            ring.push(key);
        }
        Ok(Self { keys: ring.into(), ..Self::default() })
    }

    /// Whether new rows are sealed.
    pub fn seals(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The keys' names, newest first, as errors tell them.
    pub fn names(&self) -> impl Iterator<Item = KeyName> {
        self.keys.iter().map(|key| key.name)
    }

    /// The same ring, which opens values in the clear too.
    #[must_use]
    pub(super) fn taking_plain(&self) -> Self {
        Self { takes_plain: true, ..self.clone() }
    }

    /// The same ring for a store whose plugins bring these dictionaries.
    #[must_use]
    pub fn with_dictionaries<'a>(
        self,
        plugins: impl Iterator<Item = (&'a str, &'static [u8])>,
    ) -> Self {
        Self { dictionaries: Arc::new(Dictionaries::new(plugins)), ..self }
    }

    /// The dictionaries.
    pub(super) fn dictionaries(&self) -> &Dictionaries {
        &self.dictionaries
    }

    /// Packs what `plugin` brought for a row.
    pub(super) fn pack(&self, plugin: &str, place: Place, plain: &[u8]) -> Vec<u8> {
        let compressed = self.dictionaries.compress(plugin, plain);
        let (mut head, body) = match &compressed {
            Some((id, smaller)) => ([&[COMPRESSED][..], &id.to_be_bytes()].concat(), &smaller[..]),
            None => (vec![0], plain),
        };
        let Some(key) = self.keys.first() else { return [&head, body].concat() };
        head[0] |= SEALED;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).expect("the system gives random bytes");
        let aad = Aad::from(associated(&head, place));
        let size = head.len() + NAME + NONCE_LEN + body.len() + AES_256_GCM.tag_len();
        let mut packed = Vec::with_capacity(size);
        packed.extend_from_slice(&head);
        packed.extend_from_slice(key.name.as_bytes());
        packed.extend_from_slice(&nonce);
        let start = packed.len();
        packed.extend_from_slice(body);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = key
            .cipher
            .seal_in_place_separate_tag(nonce, aad, &mut packed[start..])
            .expect("a value is far shorter than the 64 GiB that GCM takes");
        packed.extend_from_slice(tag.as_ref());
        packed
    }

    /// What was packed for a row.
    pub(super) fn unpack(&self, place: Place, packed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let unreadable = || StoreError::Unreadable(place.name());
        let (head, rest) = split(packed).ok_or_else(unreadable)?;
        let (format, dictionary) = (head[0], &head[1..]);
        let opened;
        let body = if format & SEALED == 0 {
            if self.seals() && !self.takes_plain {
                return Err(StoreError::NotSealed(place.name()));
            }
            rest
        } else {
            opened = self.open(place, head, rest)?;
            &opened[..]
        };
        let Some(id) = dictionary.first_chunk().copied() else { return Ok(body.to_vec()) };
        let id = u32::from_be_bytes(id);
        self.dictionaries.decompress(id, body).map_err(|trouble| match trouble {
            Trouble::Broken => unreadable(),
            Trouble::Unknown => StoreError::UnknownDictionary(place.name()),
        })
    }

    fn open(&self, place: Place, head: &[u8], rest: &[u8]) -> Result<Vec<u8>, StoreError> {
        let unreadable = || StoreError::Unreadable(place.name());
        let (name, rest) = rest.split_at_checked(NAME).ok_or_else(unreadable)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or_else(unreadable)?;
        let name = KeyName::from_bytes(name).ok_or_else(unreadable)?;
        let key = self.keys.iter().find(|key| key.name == name);
        let key = key.ok_or(StoreError::KeyMissing { table: place.name(), key: name })?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| unreadable())?;
        let mut body = body.to_vec();
        let aad = Aad::from(associated(head, place));
        let length =
            key.cipher.open_in_place(nonce, aad, &mut body).map_err(|_| unreadable())?.len();
        body.truncate(length);
        Ok(body)
    }

    /// Whether `packed` is as this ring would pack it now: under its newest key, or plain if it
    /// has none. Its first [`HEAD`] bytes are enough.
    pub(super) fn is_current(&self, packed: &[u8]) -> bool {
        let Some((head, rest)) = split(packed) else { return false };
        match self.keys.first() {
            None => head[0] & SEALED == 0,
            Some(key) => head[0] & SEALED != 0 && rest.starts_with(key.name.as_bytes()),
        }
    }
}

impl SealKey {
    fn new(secret: &Secret) -> Result<Self, KeyError> {
        let bytes = STANDARD.decode(secret.expose().trim()).map_err(|_| KeyError::Malformed)?;
        let cipher = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| KeyError::Malformed)?;
        let digest = Sha256::new().chain_update(b"labgate key name\0").chain_update(&bytes);
        let name = digest.finalize().first_chunk().copied();
        let name = KeyName(name.expect("a SHA-256 is longer than a name"));
        Ok(Self { name, cipher: LessSafeKey::new(cipher) })
    }
}

/// The format with the dictionary's id, and the rest.
fn split(packed: &[u8]) -> Option<(&[u8], &[u8])> {
    let format = *packed.first()?;
    let known = format & !(COMPRESSED | SEALED) == 0;
    let head = if format & COMPRESSED == 0 { 1 } else { 1 + DICTIONARY };
    packed.split_at_checked(head).filter(|_| known)
}

/// What a sealed value is bound to. The purpose's length stands before it, so that no two places
/// read the same.
fn associated(head: &[u8], place: Place) -> Vec<u8> {
    let purpose = place.name().as_bytes();
    let length = u8::try_from(purpose.len()).expect("names of purposes are short");
    [head, &[length], purpose, place.id.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
