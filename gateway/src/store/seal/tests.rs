//! What is packed reads as it was packed, in its own row only, and under its key only.

use super::*;

fn ring(seeds: &[u8]) -> Seal {
    let secret = |seed: &u8| Secret::new(STANDARD.encode([*seed; 32])).unwrap();
    Seal::new(&seeds.iter().map(secret).collect::<Vec<_>>()).unwrap()
}

const HERE: Place = Place::new(Purpose::Order, Uuid::nil());

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
    let elsewhere =
        [Place::new(Purpose::Report, Uuid::nil()), Place::new(Purpose::Order, Uuid::max())];
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
}

#[test]
fn a_value_in_the_clear_is_opened_by_a_ring_that_takes_it() {
    let (plain, ring) = (Seal::default().pack("acme", HERE, &long()), ring(&[2, 1]));
    assert!(matches!(ring.unpack(HERE, &plain), Err(StoreError::NotSealed("orders"))));
    assert_eq!(ring.taking_plain().unpack(HERE, &plain).unwrap(), long());
    assert!(!ring.is_current(&plain));
}

#[test]
fn a_name_reads_as_it_is_shown() {
    let name = ring(&[1]).names().next().unwrap();
    assert_eq!(name.to_string().parse(), Ok(name));
    for text in ["", "74e7de", "74e7de640", "74e7de64ff", "key-name"] {
        assert_eq!(text.parse::<KeyName>(), Err(KeyNameError), "{text}");
    }
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

/// Sealed by another implementation of AES-GCM, with the names that the tables had at first.
#[test]
fn what_was_sealed_once_opens_for_ever() {
    let id = Uuid::from_bytes(std::array::from_fn(|index| u8::try_from(index).unwrap()));
    for (purpose, kept) in [
        (Purpose::Content, "d0c3e5522618b79d5a0c7dcd5e98133114786642"),
        (Purpose::Order, "d0c3e552ca8a60007f46a0c31d76465514d6c4f5"),
        (Purpose::Appointment, "d0c3e55275ec489010f96afdc8c012cb22fa0395"),
        (Purpose::Report, "d0c3e552ce01c7fd0686a17e32b9e88f53427afd"),
    ] {
        let kept = hex::decode(format!("0274e7de64000102030405060708090a0b{kept}")).unwrap();
        let plain = ring(&[1]).unpack(Place::new(purpose, id), &kept);
        assert_eq!(plain.unwrap(), b"kept", "{purpose:?}");
    }
}
