//! Compression of small values, each plugin's with what its vendor's webhooks have in common.
//!
//! A dictionary stands in the store beside the rows that it compressed, under an id made of its
//! content. So a provider may bring a new one, or go, and every row can still be read by every
//! gateway.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use diesel::prelude::*;
use sha2::{Digest as _, Sha256};
use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe::DCtx,
};

use super::{Connection, StoreError, connection::run, schema::dictionaries::dsl};

/// The fastest of zstd's levels that are meant for general use.
const LEVEL: i32 = 1;
/// Larger values are not compressed, so what claims to be was written by a broken disk, or by
/// someone who wants our memory: zstd turns a few bytes into millions.
const LARGEST: usize = 64 << 20;

/// The name of a dictionary in a packed value; 0 is none.
pub(super) type DictionaryId = u32;

/// Why a value can't be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is broken.
    Broken,
    /// Its dictionary is not known here: another gateway has brought a new one.
    Unknown,
}

/// The dictionaries of a store.
#[derive(Default)]
pub(super) struct Dictionaries {
    /// What each plugin's new values are compressed with.
    own: HashMap<String, Own>,
    known: RwLock<HashMap<DictionaryId, DecoderDictionary<'static>>>,
}

struct Own {
    id: DictionaryId,
    content: &'static [u8],
    /// Lives as long as the process, as the providers do that brought it.
    encoder: &'static EncoderDictionary<'static>,
}

impl std::fmt::Debug for Dictionaries {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Dictionaries").finish_non_exhaustive()
    }
}

impl Dictionaries {
    /// The dictionaries that plugins bring, by the name of the plugin.
    pub(super) fn new<'a>(plugins: impl Iterator<Item = (&'a str, &'static [u8])>) -> Self {
        let mut encoders: HashMap<DictionaryId, &'static EncoderDictionary> = HashMap::new();
        let mut own = HashMap::new();
        let mut known = HashMap::new();
        for (plugin, content) in plugins.filter(|(_, content)| !content.is_empty()) {
            let id = id(content);
            let encoder = *encoders
                .entry(id)
                .or_insert_with(|| Box::leak(Box::new(EncoderDictionary::copy(content, LEVEL))));
            known.entry(id).or_insert_with(|| DecoderDictionary::copy(content));
            own.insert(plugin.to_owned(), Own { id, content, encoder });
        }
        Self { own, known: RwLock::new(known) }
    }

    /// `plain` compressed as values of `plugin` are, if that is smaller and can be read again.
    pub(super) fn compress(&self, plugin: &str, plain: &[u8]) -> Option<(DictionaryId, Vec<u8>)> {
        if plain.len() > LARGEST {
            return None;
        }
        let own = self.own.get(plugin);
        let id = own.map_or(0, |own| own.id);
        let smaller = COMPRESSORS.with_borrow_mut(|compressors| {
            let compressor = compressors.entry(id).or_insert_with(|| compressor(own));
            compressor.compress(plain)
        });
        let smaller = smaller.expect("zstd compresses anything into a buffer of its own bound");
        (smaller.len() < plain.len()).then_some((id, smaller))
    }

    /// What was compressed to `body` with the dictionary `id`.
    pub(super) fn decompress(&self, id: DictionaryId, body: &[u8]) -> Result<Vec<u8>, Trouble> {
        let length = Decompressor::upper_bound(body).filter(|length| *length <= LARGEST);
        let length = length.ok_or(Trouble::Broken)?;
        let mut plain = Vec::with_capacity(length);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let done = CONTEXT.with_borrow_mut(|context| match id {
            0 => Ok(context.decompress(&mut plain, body)),
            id => {
                let dictionary = known.get(&id).ok_or(Trouble::Unknown)?;
                Ok(context.decompress_using_ddict(&mut plain, body, dictionary.as_ddict()))
            }
        });
        done?.map_err(|_| Trouble::Broken)?;
        Ok(plain)
    }

    /// Brings the dictionaries of our plugins into the store.
    pub(super) fn share(&self, connection: &mut Connection) -> Result<(), StoreError> {
        for own in self.own.values() {
            let row = (dsl::id.eq(i64::from(own.id)), dsl::content.eq(own.content));
            let insert = diesel::insert_into(dsl::dictionaries).values(row);
            let insert = insert.on_conflict_do_nothing();
            run!(connection, c => insert.execute(c))?;
        }
        self.learn(connection)
    }

    /// Learns every dictionary that is in the store.
    pub(super) fn learn(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let query = dsl::dictionaries.select((dsl::id, dsl::content));
        let rows: Vec<(i64, Vec<u8>)> = run!(connection, c => query.load(c))?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for (stored_id, content) in rows {
            let id = id(&content);
            if i64::from(id) != stored_id {
                return Err(StoreError::Unreadable("dictionaries"));
            }
            known.entry(id).or_insert_with(|| DecoderDictionary::copy(&content));
        }
        Ok(())
    }
}

/// The start of a dictionary's SHA-256, and never 0.
fn id(content: &[u8]) -> DictionaryId {
    let digest = Sha256::digest(content);
    let start = digest.first_chunk().copied().expect("a SHA-256 is longer than an id");
    DictionaryId::from_be_bytes(start).max(1)
}

thread_local! {
    static COMPRESSORS: RefCell<HashMap<DictionaryId, Compressor<'static>>> = RefCell::default();
    static CONTEXT: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

fn compressor(own: Option<&Own>) -> Compressor<'static> {
    let mut compressor = match own {
        None => Compressor::new(LEVEL),
        Some(own) => Compressor::with_prepared_dictionary(own.encoder),
    }
    .expect("zstd knows its own level");
    // Plain rows have no tag: this is what tells of a broken disk.
    compressor.include_checksum(true).expect("zstd knows its own parameter");
    compressor
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_value_that_would_fill_the_memory_is_broken() {
        let dictionaries = Dictionaries::default();
        let bomb = |bytes: usize| {
            let (mut from, mut to) = (std::io::repeat(b'x').take(bytes as u64), Vec::new());
            zstd::stream::copy_encode(&mut from, &mut to, LEVEL).unwrap();
            to
        };
        // It does not tell its length, and neither do the frames that follow one that does.
        let honest = zstd::bulk::compress(b"plain", LEVEL).unwrap();
        for body in [bomb(LARGEST + 1), [honest.clone(), bomb(LARGEST)].concat()] {
            assert!(body.len() < LARGEST / 1000);
            assert_eq!(dictionaries.decompress(0, &body), Err(Trouble::Broken));
        }
        let told = zstd::bulk::compress(&vec![b'x'; LARGEST + 1], LEVEL).unwrap();
        assert_eq!(dictionaries.decompress(0, &told), Err(Trouble::Broken));
        assert_eq!(dictionaries.decompress(0, &honest), Ok(b"plain".into()));
    }

    #[test]
    fn what_is_too_large_to_be_read_again_is_not_compressed() {
        let dictionaries = Dictionaries::default();
        let largest = vec![b'x'; LARGEST];
        let (id, body) = dictionaries.compress("any", &largest).unwrap();
        assert_eq!(dictionaries.decompress(id, &body).unwrap().len(), LARGEST);
        assert_eq!(dictionaries.compress("any", &vec![b'x'; LARGEST + 1]), None);
    }
}
