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
//!           dictionary, the table and the row's id as associated data: a value that is moved to
//!           another row does not open
//! ```
//!
//! A random nonce of 96 bits may serve some 2^32 values of one key (NIST SP 800-38D, 8.3).

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

/// Which row a value belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) table: &'static str,
    pub(super) id: Uuid,
}

impl Place {
    pub(super) const fn new(table: &'static str, id: Uuid) -> Self {
        Self { table, id }
    }
}

/// The ring of keys, newest first; empty if nothing is sealed.
#[derive(Debug, Default)]
pub struct Seal {
    keys: Vec<Key>,
    dictionaries: Dictionaries,
}

#[derive(Debug)]
struct Key {
    name: [u8; NAME],
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
        let mut ring = Self::default();
        for (index, secret) in keys.iter().enumerate() {
            let key = Key::new(secret).map_err(|error| (index, error))?;
            if ring.keys.iter().any(|known| known.name == key.name) {
                return Err((index, KeyError::Repeated));
            }
            ring.keys.push(key);
        }
        Ok(ring)
    }

    /// Whether new rows are sealed.
    pub fn seals(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The keys' names, newest first, as errors tell them.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.keys.iter().map(|key| hex::encode(key.name))
    }

    /// The same ring for a store whose plugins bring these dictionaries.
    #[must_use]
    pub fn with_dictionaries<'a>(
        self,
        plugins: impl Iterator<Item = (&'a str, &'static [u8])>,
    ) -> Self {
        Self { dictionaries: Dictionaries::new(plugins), ..self }
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
        packed.extend_from_slice(&key.name);
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
        let unreadable = || StoreError::Unreadable(place.table);
        let (head, rest) = split(packed).ok_or_else(unreadable)?;
        let (format, dictionary) = (head[0], &head[1..]);
        let opened;
        let body = if format & SEALED == 0 {
            rest
        } else {
            opened = self.open(place, head, rest)?;
            &opened[..]
        };
        let Some(id) = dictionary.first_chunk().copied() else { return Ok(body.to_vec()) };
        let id = u32::from_be_bytes(id);
        self.dictionaries.decompress(id, body).map_err(|trouble| match trouble {
            Trouble::Broken => unreadable(),
            Trouble::Unknown => StoreError::UnknownDictionary(place.table),
        })
    }

    fn open(&self, place: Place, head: &[u8], rest: &[u8]) -> Result<Vec<u8>, StoreError> {
        let unreadable = || StoreError::Unreadable(place.table);
        let (name, rest) = rest.split_at_checked(NAME).ok_or_else(unreadable)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or_else(unreadable)?;
        let key =
            self.keys.iter().find(|key| key.name == name).ok_or_else(|| {
                StoreError::KeyMissing { table: place.table, key: hex::encode(name) }
            })?;
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
            Some(key) => head[0] & SEALED != 0 && rest.starts_with(&key.name),
        }
    }
}

impl Key {
    fn new(secret: &Secret) -> Result<Self, KeyError> {
        let bytes = STANDARD.decode(secret.expose().trim()).map_err(|_| KeyError::Malformed)?;
        let cipher = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| KeyError::Malformed)?;
        let digest = Sha256::new().chain_update(b"labgate key name\0").chain_update(&bytes);
        let name = digest.finalize().first_chunk().copied();
        let name = name.expect("a SHA-256 is longer than a name");
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

/// What a sealed value is bound to. The table's name has a length of its own, so that no two
/// places read the same.
fn associated(head: &[u8], place: Place) -> Vec<u8> {
    let length = u8::try_from(place.table.len()).expect("names of tables are short");
    [head, &[length], place.table.as_bytes(), place.id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(seeds: &[u8]) -> Seal {
        let secret = |seed: &u8| Secret::new(STANDARD.encode([*seed; 32])).unwrap();
        Seal::new(&seeds.iter().map(secret).collect::<Vec<_>>()).unwrap()
    }

    const HERE: Place = Place::new("orders", Uuid::nil());

    fn long() -> Vec<u8> {
        "Potassium 4.1 mmol/L; ".repeat(40).into_bytes()
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        for ring in [Seal::default(), ring(&[1])] {
            for plain in [&b""[..], b"x", &long()] {
                let packed = ring.pack("acme", HERE, plain);
                assert_eq!(ring.unpack(HERE, &packed).unwrap(), plain);
                assert!(ring.is_current(&packed));
            }
        }
    }

    #[test]
    fn a_sealed_value_shows_nothing_and_never_looks_the_same() {
        let (ring, plain) = (ring(&[1]), b"Jane Doe, 1990-01-01");
        let (one, other) = (ring.pack("acme", HERE, plain), ring.pack("acme", HERE, plain));
        assert_ne!(one, other);
        assert!(!one.windows(4).any(|window| window == b"Jane"));
    }

    #[test]
    fn a_value_opens_in_its_own_row_only() {
        let ring = ring(&[1]);
        let packed = ring.pack("acme", HERE, &long());
        let elsewhere = [Place::new("reports", Uuid::nil()), Place::new("orders", Uuid::max())];
        for place in elsewhere {
            assert!(matches!(ring.unpack(place, &packed), Err(StoreError::Unreadable(_))));
        }
    }

    #[test]
    fn a_broken_value_never_reads_as_another() {
        let long = long();
        for ring in [Seal::default(), ring(&[1])] {
            let packed = ring.pack("acme", HERE, &long);
            for index in 0..packed.len() {
                let mut broken = packed.clone();
                broken[index] ^= 0x10;
                match ring.unpack(HERE, &broken) {
                    Err(_) => {}
                    // zstd leaves a bit of its header unused.
                    Ok(same) => assert!(same == long && !ring.seals(), "byte {index}"),
                }
            }
            assert!(ring.unpack(HERE, &[]).is_err());
            assert!(ring.unpack(HERE, &packed[..packed.len() - 1]).is_err());
        }
    }

    #[test]
    fn old_keys_open_and_the_newest_seals() {
        let (old, both) = (ring(&[1]), ring(&[2, 1]));
        let packed = old.pack("acme", HERE, &long());
        assert_eq!(both.unpack(HERE, &packed).unwrap(), long());
        assert!(!both.is_current(&packed));
        let fresh = both.pack("acme", HERE, &long());
        assert!(both.is_current(&fresh));
        let error = old.unpack(HERE, &fresh).unwrap_err();
        assert!(matches!(error, StoreError::KeyMissing { .. }), "{error}");
        // A row from before there was a key.
        let plain = Seal::default().pack("acme", HERE, &long());
        assert_eq!(both.unpack(HERE, &plain).unwrap(), long());
        assert!(!both.is_current(&plain));
    }

    #[test]
    fn a_key_is_32_bytes_and_stands_there_once() {
        let secret = |text: &str| Secret::new(text).unwrap();
        let good = STANDARD.encode([7; 32]);
        for bad in ["too short", "not base64!", &STANDARD.encode([7; 31])] {
            let error = Seal::new(&[secret(&good), secret(bad)]).unwrap_err();
            assert_eq!(error, (1, KeyError::Malformed));
        }
        let error = Seal::new(&[secret(&good), secret(&good)]).unwrap_err();
        assert_eq!(error, (1, KeyError::Repeated));
        assert!(!format!("{:?}", Seal::new(&[secret(&good)]).unwrap()).contains(&good[..8]));
    }
}
