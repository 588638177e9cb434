//! A vendor's body with gaps in it: `"{name}"` stands for a text, `"{=name}"` for JSON.

/// A body with gaps, without the white space that the file has for its reader.
#[derive(Debug)]
pub(super) struct Template(Vec<Part>);

#[derive(Debug, PartialEq)]
enum Part {
    Text(String),
    Gap(String),
}

impl Template {
    /// Reads a sample body. A gap starts with `{` and a small letter, which no JSON object does.
    pub(super) fn parse(sample: &str) -> Self {
        let text = dense(sample).replace("\"{=", "{").replace("=}\"", "}");
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some(start) = gap(rest) {
            let end = start + rest[start..].find('}').expect("a gap ends");
            parts.push(Part::Text(rest[..start].into()));
            parts.push(Part::Gap(rest[start + 1..end].into()));
            rest = &rest[end + 1..];
        }
        parts.push(Part::Text(rest.into()));
        Self(parts)
    }

    /// Appends the body to `body`; `fill` writes what belongs into the gap of that name.
    pub(super) fn fill(&self, body: &mut String, mut fill: impl FnMut(&str, &mut String)) {
        for part in &self.0 {
            match part {
                Part::Text(text) => body.push_str(text),
                Part::Gap(name) => fill(name, body),
            }
        }
    }
}

/// Vendors send no white space between tokens.
fn dense(sample: &str) -> String {
    let mut quoted = false;
    let mut escaped = false;
    let mut keep = |letter: &char| {
        let inside = quoted;
        if *letter == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = *letter == '\\' && !escaped;
        inside || !letter.is_whitespace()
    };
    sample.chars().filter(|letter| keep(letter)).collect()
}

fn gap(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    bytes.windows(2).position(|pair| pair[0] == b'{' && pair[1].is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_and_white_space_goes() {
        let template = Template::parse("{ \"a b\": \"x {one} \\\" y\",\n \"c\": \"{=two=}\" }");
        let mut body = String::new();
        template
            .fill(&mut body, |name, body| body.push_str(if name == "one" { "1" } else { "[]" }));
        assert_eq!(body, "{\"a b\":\"x 1 \\\" y\",\"c\":[]}");
    }
}
