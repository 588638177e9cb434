//! Invented people.

use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _};
use uuid::Uuid;

use super::draw;

/// A patient who never lived.
pub(super) struct Person {
    pub(super) id: Uuid,
    first_name: &'static str,
    last_name: &'static str,
    gender: &'static str,
    birthday: String,
    phone: String,
    email: String,
    street: String,
    city: &'static str,
    state: &'static str,
    zip: String,
    number: u32,
}

impl Person {
    /// Draws a patient.
    pub(super) fn draw(rng: &mut StdRng) -> Self {
        let first_name = *FIRST_NAMES.choose(rng).expect("there are names");
        let last_name = *LAST_NAMES.choose(rng).expect("there are names");
        let (city, state) = *CITIES.choose(rng).expect("there are cities");
        let number = rng.random_range(1..10_000_000);
        let (first, last) = (first_name.to_ascii_lowercase(), last_name.to_ascii_lowercase());
        let (year, month, day) =
            (rng.random_range(1935..2007), rng.random_range(1..=12), rng.random_range(1..=28));
        let street = STREETS.choose(rng).expect("there are streets");
        Self {
            id: draw::uuid(rng),
            first_name,
            last_name,
            gender: if rng.random() { "female" } else { "male" },
            birthday: format!("{year}-{month:02}-{day:02}"),
            phone: format!("+1512555{:04}", rng.random_range(0..10_000)),
            email: format!("{first}.{last}{number}@example.com"),
            street: format!("{} {street}", rng.random_range(1..10_000)),
            city,
            state,
            zip: format!("{:05}", rng.random_range(10_000..99_999)),
            number,
        }
    }

    /// Writes what belongs into a gap about a patient; `false` if the gap is about something else.
    pub(super) fn fill(&self, gap: &str, body: &mut String) -> bool {
        let text = match gap {
            "first_name" => self.first_name,
            "last_name" => self.last_name,
            "gender" => self.gender,
            "birthday" => &self.birthday,
            "phone" => &self.phone,
            "email" => &self.email,
            "street" => &self.street,
            "city" => self.city,
            "state" => self.state,
            "zip" => &self.zip,
            "user_id" | "patient_id" => {
                draw::write(body, self.id);
                return true;
            }
            "client_user_id" => {
                draw::write(body, format_args!("patient-{:07}", self.number));
                return true;
            }
            _ => return false,
        };
        body.push_str(text);
        true
    }
}

const FIRST_NAMES: [&str; 40] = [
    "Jordan", "Avery", "Riley", "Morgan", "Casey", "Quinn", "Rowan", "Harper", "Emerson", "Finley",
    "Sasha", "Robin", "Dakota", "Skyler", "Reese", "Marlow", "Noor", "Amari", "Devon", "Ellis",
    "Frances", "Gale", "Hollis", "Indigo", "Jules", "Kendall", "Lane", "Micah", "Nico", "Oakley",
    "Parker", "Remy", "Sage", "Tatum", "Umi", "Val", "Winter", "Xen", "Yael", "Zuri",
];

const LAST_NAMES: [&str; 40] = [
    "Alder",
    "Birch",
    "Calloway",
    "Dunmore",
    "Eastwood",
    "Fairchild",
    "Garrison",
    "Holloway",
    "Ivers",
    "Jarvis",
    "Kestrel",
    "Lockhart",
    "Merriweather",
    "Northcott",
    "Okafor",
    "Pemberton",
    "Quill",
    "Rutherford",
    "Stonebridge",
    "Thackeray",
    "Underhill",
    "Vance",
    "Whitlock",
    "Xiong",
    "Yarrow",
    "Zeller",
    "Ashdown",
    "Blackwood",
    "Castellan",
    "Drummond",
    "Ellery",
    "Fenwick",
    "Greaves",
    "Hartwell",
    "Ingram",
    "Juniper",
    "Kingsley",
    "Larkspur",
    "Montrose",
    "Nightingale",
];

const STREETS: [&str; 16] = [
    "Example Blvd",
    "Sample Street",
    "Maple Avenue",
    "Oak Lane",
    "Cedar Court",
    "Elm Drive",
    "Willow Way",
    "Juniper Road",
    "Birch Terrace",
    "Chestnut Place",
    "Spruce Circle",
    "Aspen Trail",
    "Magnolia Parkway",
    "Sycamore Loop",
    "Hawthorn Row",
    "Linden Square",
];

const CITIES: [(&str, &str); 12] = [
    ("Austin", "TX"),
    ("Denver", "CO"),
    ("Portland", "OR"),
    ("Madison", "WI"),
    ("Savannah", "GA"),
    ("Tucson", "AZ"),
    ("Boise", "ID"),
    ("Raleigh", "NC"),
    ("Albany", "NY"),
    ("Omaha", "NE"),
    ("Fresno", "CA"),
    ("Dayton", "OH"),
];
