//! The lab tests that a clinic can order, as they stand in its orders.

use std::sync::LazyLock;

use rand::{SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

use super::{draw, markers::MARKERS, order::METHODS, template::Template};

/// Lab tests for each method of collection.
const TESTS: usize = 12;

/// The lab test `number`, collected by `METHODS[method]`, in Junction's JSON.
pub(super) fn lab_test(method: usize, number: usize) -> &'static str {
    static CATALOGUE: LazyLock<Vec<String>> = LazyLock::new(catalogue);
    &CATALOGUE[method * TESTS + number % TESTS]
}

/// The same for every seed: clinics change their catalogue rarely.
fn catalogue() -> Vec<String> {
    let test = Template::parse(include_str!("../../bodies/lab_test.json"));
    let marker = Template::parse(include_str!("../../bodies/lab_test_marker.json"));
    let mut rng = StdRng::seed_from_u64(0);
    let mut catalogue = Vec::new();
    for method in METHODS {
        for number in 0..TESTS {
            let measured: Vec<_> = MARKERS.sample(&mut rng, 1 + number % 6).collect();
            let id = draw::uuid(&mut rng);
            let mut json = String::new();
            test.fill(&mut json, |gap, json| match gap {
                "id" => draw::write(json, id),
                "slug" => draw::write(json, format_args!("{}-{number}", measured[0].slug)),
                "name" => draw::write(json, format_args!("{} Panel {number}", measured[0].name)),
                "method" => json.push_str(method.name),
                "sample_type" => json.push_str(method.sample),
                "markers" => {
                    json.push('[');
                    for (place, measured) in measured.iter().enumerate() {
                        json.push_str(if place == 0 { "" } else { "," });
                        marker.fill(json, |gap, json| match gap {
                            "id" => draw::write(json, 300 + number * 10 + place),
                            "name" => json.push_str(measured.name),
                            "slug" => json.push_str(measured.slug),
                            "unit" => json.push_str(measured.unit),
                            "provider_id" => draw::write(json, 7000 + number * 10 + place),
                            gap => unreachable!("nothing fills the gap {gap}"),
                        });
                    }
                    json.push(']');
                }
                gap => unreachable!("nothing fills the gap {gap}"),
            });
            catalogue.push(json);
        }
    }
    catalogue
}
