//! What is wanted of the gateway, and whether it was seen.

use std::io;

use super::summary::Summary;
use crate::{
    systems::System,
    table::{Table, mebibytes, number},
};

/// Shows each target that the systems in the comparison can be held to.
pub(super) fn show(summaries: &[Summary]) -> io::Result<()> {
    let find = |system| summaries.iter().find(|summary| summary.system == system);
    let rate = |system, connections| find(system)?.rate(connections);
    let ratio = |system, to, connections| Some(rate(system, connections)? / rate(to, connections)?);
    let (ceiling, sqlite, postgres, by_hand) =
        (System::Ceiling, System::Sqlite, System::Postgres, System::ByHand);
    let of_sqlite = |see: fn(&Summary) -> Option<f64>| see(find(sqlite)?);
    let bytes = |summary: &Summary| summary.bytes().map(|(stored, sent)| stored / sent);
    let wanted = [
        at_least("b to a at 256 connections", 0.6, ratio(sqlite, ceiling, 256)),
        at_least("b to a at 16 connections", 0.4, ratio(sqlite, ceiling, 16)),
        at_least("c to a at 256 connections", 0.4, ratio(postgres, ceiling, 256)),
        at_least("b to d at 256 connections", 8.0, ratio(sqlite, by_hand, 256)),
        at_most("b: p99 ms at half of its peak", 10.0, of_sqlite(Summary::paced_p99)),
        at_most("b: peak MiB", 96.0, of_sqlite(|summary| Some(mebibytes(summary.peak)))),
        at_most("b: idle MiB", 24.0, of_sqlite(|summary| Some(mebibytes(summary.idle)))),
        at_most("b: start to ready ms", 100.0, of_sqlite(|summary| Some(summary.ready))),
        at_most("b: stored to sent bytes", 1.0, of_sqlite(bytes)),
    ];
    let titles = ["wanted", "", "seen", ""];
    let mut table = Table::new(titles.map(String::from).to_vec());
    for row in wanted.into_iter().flatten() {
        table.row(row);
    }
    table.show()
}

pub(crate) fn at_least(what: &str, wanted: f64, seen: Option<f64>) -> Option<Vec<String>> {
    seen.map(|seen| row(what, format!("≥ {wanted}"), seen, seen >= wanted))
}

pub(crate) fn at_most(what: &str, wanted: f64, seen: Option<f64>) -> Option<Vec<String>> {
    seen.map(|seen| row(what, format!("≤ {wanted}"), seen, seen <= wanted))
}

fn row(what: &str, wanted: String, seen: f64, holds: bool) -> Vec<String> {
    vec![what.into(), wanted, number(seen), if holds { "met" } else { "missed" }.into()]
}
