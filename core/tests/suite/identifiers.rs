//! Ids of vendors: kept verbatim, and ordered as numbers where they are numbers.

use labgate_core::Identifier;
use proptest::prelude::*;

/// Numbers with leading zeros, near-numbers, and words.
const IDENTIFIER: &str = "0{0,3}[0-9]{0,3}|[a-z0-9_]{1,4}|[0-9]{18,24}|\\PC{1,4}";

fn identifier() -> impl Strategy<Value = Identifier> {
    IDENTIFIER.prop_filter_map("empty", Identifier::new)
}

proptest! {
    #[test]
    fn identifiers_have_one_order(a in identifier(), b in identifier(), c in identifier()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
        prop_assert_eq!(a.partial_cmp(&b), Some(a.cmp(&b)));
        let mut sorted = [a, b, c];
        sorted.sort();
        prop_assert!(sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2]);
    }

    #[test]
    fn numeric_identifiers_are_ordered_as_numbers(a in any::<u128>(), b in 0_u128..2000, shift in 0_u32..128) {
        let a = a >> shift;
        let ids = [a, b].map(|number| Identifier::new(number.to_string()).unwrap());
        prop_assert_eq!(ids[0].cmp(&ids[1]), a.cmp(&b));
        let padded = Identifier::new(format!("{a:0>45}")).unwrap();
        prop_assert!(a == b || padded.cmp(&ids[1]) == a.cmp(&b));
        prop_assert!(padded < Identifier::new("evt_0").unwrap());
    }

    #[test]
    fn an_identifier_is_the_same_as_text_and_as_integer(number in any::<i64>()) {
        let [text, integer] = [format!("\"{number}\""), number.to_string()]
            .map(|json| serde_json::from_str::<Identifier>(&json).unwrap());
        prop_assert_eq!(&text, &integer);
        prop_assert_eq!(serde_json::to_value(&integer).unwrap(), number.to_string());
    }

    #[test]
    fn an_identifier_is_kept_verbatim_or_refused(text in "\\PC{0,300}|[a-z\\x00-\\x20\\x7f]{0,9}") {
        let fits = !text.is_empty() && text.len() <= 255 && !text.chars().any(char::is_control);
        let found = Identifier::new(&*text).map(|id| id.as_str().to_owned());
        prop_assert_eq!(&found, &fits.then(|| text.clone()));
        let json = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<Identifier>(&json).is_ok(), fits);
    }
}

#[test]
fn an_identifier_is_no_other_kind_of_json() {
    for json in
        ["null", "true", "4056.0", "4e3", "[]", "{}", "[\"a\"]", "\"\"", "18446744073709551616"]
    {
        let error = serde_json::from_str::<Identifier>(json).unwrap_err().to_string();
        assert!(error.contains(Identifier::EXPECTED), "{json}: {error}");
    }
}
