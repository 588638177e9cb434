//! Prometheus' text format, as far as it is needed to look things up.

use std::collections::BTreeMap;

/// All series of one scrape.
#[derive(Clone, Debug)]
pub struct Metrics {
    text: String,
    series: BTreeMap<(String, BTreeMap<String, String>), f64>,
}

impl Metrics {
    pub(crate) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        Self { text: text.into(), series: lines.map(series).collect() }
    }

    /// The scrape as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value of a series with exactly these labels, if it is there.
    pub fn find(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let labels = labels.iter().map(|(key, value)| ((*key).into(), (*value).into()));
        self.series.get(&(name.into(), labels.collect())).copied()
    }

    /// Fails unless the series is there with `expected`.
    pub fn check(&self, name: &str, labels: &[(&str, &str)], expected: u32) {
        let found = self.find(name, labels);
        assert_eq!(found, Some(f64::from(expected)), "{name} {labels:?}\n{}", self.text);
    }

    /// Every name and set of labels.
    pub fn keys(&self) -> Vec<&(String, BTreeMap<String, String>)> {
        self.series.keys().collect()
    }
}

fn series(line: &str) -> ((String, BTreeMap<String, String>), f64) {
    let (key, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) = key.split_once('{').unwrap_or((key, "}"));
    let labels = labels.trim_end_matches('}').split("\",").filter(|label| !label.is_empty());
    let labels = labels.map(|label| {
        let (name, value) = label.split_once("=\"").unwrap();
        (name.to_string(), value.trim_end_matches('"').to_string())
    });
    ((name.into(), labels.collect()), value.parse().unwrap())
}
