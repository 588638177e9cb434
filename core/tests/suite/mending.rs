//! One bad character or one odd field costs itself only, and an id is never mended.

use std::{cell::Cell, collections::BTreeMap};

use labgate_core::{
    Identifier,
    decode::{Drift, Reader, Scalar, Shape, Unread, Unreadable},
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

#[derive(Debug, Deserialize)]
struct Body {
    id: Identifier,
    team: Option<Identifier>,
    note: Option<String>,
    result: Option<Scalar>,
    count: Option<u64>,
    place: Option<Place>,
    names: Option<Vec<String>>,
    items: Option<Vec<Item>>,
}

#[derive(Debug, Deserialize)]
struct Place {
    city: String,
}

#[derive(Debug, Deserialize)]
struct Item {
    id: Identifier,
    code: Option<String>,
}

const SHAPE: Shape = Shape {
    unread: &[Unread::because("a test", &["unread"])],
    dispensable: &["team", "count", "place", "names", "items[].code"],
};

fn read_as<T: DeserializeOwned>(json: &str, shape: Shape) -> Result<(T, Vec<String>), String> {
    let mut reader = Reader::default();
    let read = reader.read("data", json.as_bytes(), shape);
    let places = |drift: Drift| drift.into_iter().collect();
    read.map(|body| (body, places(reader.into_drift())))
        .map_err(|error: Unreadable| error.to_string())
}

/// The body `{"id":"a",FIELDS}`, and where it is drift.
fn read(fields: &str) -> Result<(Body, Vec<String>), String> {
    read_as(&format!(r#"{{"id":"a",{fields}}}"#), SHAPE)
}

fn check_drift(fields: &str, expected: &[&str]) -> Body {
    let (body, drift) = read(fields).unwrap_or_else(|error| panic!("{fields}: {error}"));
    assert_eq!(drift, expected, "{fields}");
    assert_eq!(body.id.as_str(), "a");
    body
}

fn check_refused(fields: &str, expected: &str) {
    assert_eq!(read(fields).unwrap_err(), expected, "{fields}");
}

#[test]
fn half_a_character_is_replaced_in_texts() {
    let body = check_drift(r#""note":"phoned \ud83d","count":7"#, &["data.note"]);
    assert_eq!((body.note.as_deref(), body.count), (Some("phoned \u{fffd}"), Some(7)));
    let body = check_drift(r#""note":"\udc00\ud83d\ude00 \uD800\n""#, &["data.note"]);
    assert_eq!(body.note.as_deref(), Some("\u{fffd}\u{1f600} \u{fffd}\n"));
    let body = check_drift(r#""result":"7.1\ud83d""#, &["data.result"]);
    assert!(body.result == Some(Scalar::Text("7.1\u{fffd}".into())));
    let body = check_drift(r#""names":["\ud83d","b","\ude00"]"#, &["data.names[]"]);
    assert_eq!(body.names.unwrap(), ["\u{fffd}", "b", "\u{fffd}"]);
    // In a field that is not read it is no drift.
    check_drift(r#""unread":"\ud83d""#, &[]);
    check_drift(r#""unread":{"\ud83d":"\ud83d","big":5e400}"#, &[]);
}

#[test]
fn half_a_character_in_a_key_is_a_new_key() {
    check_drift(r#""\ud83d":1"#, &["data.*"]);
    check_drift(r#""place":{"city":"Ulm","x\udc00":[]}"#, &["data.place.*"]);
}

#[test]
fn half_a_character_leaves_no_id() {
    let lone = r#"{"id":"a\ud83d"}"#;
    let error = read_as::<Body>(lone, SHAPE).unwrap_err();
    assert_eq!(error, "data.id: not of the expected form");
    check_refused(r#""items":[{"id":"b\udc00"}]"#, "data.items[0].id: not of the expected form");
    assert!(check_drift(r#""team":"t\ud83d""#, &["data.team"]).team.is_none());
}

#[test]
fn a_null_in_a_list_is_left_out() {
    let body = check_drift(r#""names":[null,"b",null]"#, &["data.names[]"]);
    assert_eq!(body.names.unwrap(), ["b"]);
    let body = check_drift(r#""items":[null,{"id":"b"}]"#, &["data.items[]"]);
    assert_eq!(body.items.unwrap()[0].id.as_str(), "b");
    check_refused(r#""items":[{"id":null}]"#, &format!("data.items[0].id: expected {ID}"));
}

#[test]
fn as_little_as_can_be_is_lost() {
    let body = check_drift(r#""names":["a",{"x":1},"c"]"#, &["data.names[]"]);
    assert_eq!(body.names.unwrap(), ["a", "c"]);
    assert!(check_drift(r#""names":"a, b""#, &["data.names"]).names.is_none());
    assert!(check_drift(r#""place":{"city":5}"#, &["data.place.city"]).place.is_none());
    let body = check_drift(
        r#""items":[{"id":"b","code":1},{"id":"c","code":"x"},{"id":"d","code":[]}]"#,
        &["data.items[].code"],
    );
    let codes: Vec<_> = body.items.unwrap().into_iter().map(|item| item.code).collect();
    assert_eq!(codes, [None, Some("x".into()), None]);
    check_refused(r#""items":[{"id":"b"},7]"#, "data.items[1]: expected an object");
    check_refused(r#""note":7"#, "data.note: expected a string");
}

#[test]
fn a_number_that_is_too_large_costs_itself_only() {
    assert!(check_drift(r#""count":1e400"#, &["data.count"]).count.is_none());
    assert!(check_drift(r#""team":1e400"#, &["data.team"]).team.is_none());
    assert!(check_drift(r#""team":123456789012345678901234567890"#, &["data.team"]).team.is_none());
    check_drift(r#""items":[{"id":"b","code":-1e9999}]"#, &["data.items[].code"]);
    check_refused(r#""note":1e400"#, "data.note: not of the expected form");
    check_drift(r#""result":1e400"#, &[]);
}

#[test]
fn a_repeated_key_counts_once_unless_it_contradicts_itself() {
    let body = check_drift(r#""note":"x","note":"x","\u006eote":"x""#, &["data.note"]);
    assert_eq!(body.note.as_deref(), Some("x"));
    check_drift(r#""id":"a""#, &["data.id"]);
    assert!(check_drift(r#""count":1,"count":2"#, &["data.count"]).count.is_none());
    check_refused(r#""note":"x","note":"y""#, "data: duplicate field `note`");
    check_refused(r#""id":"b""#, "data: duplicate field `id`");
    let items = r#""items":[{"id":"b","code":"x","code":"y"},{"id":"c","code":"z"}]"#;
    let items = check_drift(items, &["data.items[].code"]).items.unwrap();
    assert_eq!((items[0].code.as_deref(), items[1].code.as_deref()), (None, Some("z")));
}

#[test]
fn a_byte_order_mark_is_ignored() {
    assert!(read_as::<Body>("\u{feff}{\"id\":\"a\"}", SHAPE).is_ok());
}

#[test]
fn depth_costs_no_stack() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        // Not by `check_drift`: a failure would print it all.
        let drift = |field: &str| read(&format!(r#""{field}":{deep}"#)).map(|(_, drift)| drift);
        let names = if open == "[" { "data.names[]" } else { "data.names" };
        assert_eq!(drift("names").unwrap(), [names]);
        assert_eq!(drift("place").unwrap()[0], "data.place");
        assert_eq!(drift("note").unwrap_err(), "data.note: expected a string");
    }
}

#[test]
fn several_faults_are_mended_each_at_its_place() {
    let body = check_drift(
        r#""note":"\ud83d","count":"many","names":[null,"b",7],"place":{"city":"\ud83d"},"team":{}"#,
        &["data.count", "data.names[]", "data.note", "data.place.city", "data.team"],
    );
    assert_eq!(body.names.unwrap(), ["b"]);
    assert_eq!(body.place.unwrap().city, "\u{fffd}");
}

#[test]
fn the_limit_counts_places() {
    #[derive(Debug, Deserialize)]
    struct Many {
        _many: BTreeMap<String, Option<u64>>,
    }
    let shape = Shape { unread: &[], dispensable: &["_many"] };
    let many = |places: usize| {
        let entries: Vec<_> = (0..places).map(|place| format!(r#""k{place}":"""#)).collect();
        read_as::<Many>(&format!(r#"{{"_many":{{{}}}}}"#, entries.join(",")), shape)
    };
    assert_eq!(many(32).unwrap().1.len(), 32);
    assert_eq!(many(33).unwrap_err(), "data: too many fields that do not fit");
}

thread_local! {
    static READ: Cell<usize> = const { Cell::new(0) };
}

/// A text that counts how often one was read.
#[derive(Debug)]
struct Counted;

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        READ.set(READ.get() + 1);
        String::deserialize(deserializer).map(|_| Self)
    }
}

#[test]
fn many_misfits_of_one_place_take_no_more_readings_than_a_few() {
    #[derive(Debug, Deserialize)]
    struct Row {
        _name: Counted,
        code: Option<Counted>,
    }
    #[derive(Debug, Deserialize)]
    struct Rows {
        rows: Vec<Row>,
    }
    let shape = Shape { unread: &[], dispensable: &["rows[].code"] };
    let row = |index: usize| match index % 3 {
        0 => format!(r#"{{"_name":"row {index}","code":{{"id":{index}}}}}"#),
        1 => format!(r#"{{"_name":"row {index}","code":"\ud83d"}}"#),
        _ => format!(r#"{{"_name":"row {index}","code":"fits"}}"#),
    };
    let count = 10_000;
    let rows: Vec<_> = (0..count).map(row).collect();
    let (read, drift) =
        read_as::<Rows>(&format!(r#"{{"rows":[{}]}}"#, rows.join(",")), shape).unwrap();
    assert_eq!(drift, ["data.rows[].code"]);
    let codes = read.rows.iter().filter(|row| row.code.is_some()).count();
    assert_eq!((read.rows.len(), codes), (count, 6_666));
    assert!(READ.get() < 12 * count, "{} readings for {count} rows", READ.get());
}

const ID: &str = Identifier::EXPECTED;
