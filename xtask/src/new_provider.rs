//! Makes the crate of a new provider: it compiles, and its tests say what its author must write.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{Kind, Signature, TypeName, standalone};

/// A provider to be made: `acme` in the templates is its name.
#[derive(Clone, Debug)]
pub struct NewProvider {
    /// The word for it in `plugins.toml`.
    pub kind: Kind,
    /// The name of its type.
    pub type_name: TypeName,
    /// How its vendor proves who sent a webhook.
    pub signature: Signature,
    /// Where to make it, if not in the workspace.
    pub standalone: Option<PathBuf>,
}

/// Why it was not made.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Its name is taken by another provider or a crate of the workspace, or its place by anything.
    #[error("{} is there already", .0.display())]
    Taken(PathBuf),
    /// Its type would have a name that means something else in the crate.
    #[error("the provider's type can't be called `{0}`: in its crate, that is something else")]
    Ambiguous(String),
    /// A file can't be written.
    #[error("{}: {problem}", .path.display())]
    Unwritable {
        /// Where it would stand.
        path: PathBuf,
        /// Why it can't.
        problem: io::Error,
    },
}

/// Each file, and its template. The manifest comes last: with it, the folder is a package of the
/// workspace, and Cargo wants the others.
const FILES: [(&str, &str); 11] = [
    ("README.md", include_str!("../templates/README.md")),
    ("src/lib.rs", include_str!("../templates/src/lib.rs")),
    ("src/config.rs", include_str!("../templates/src/config.rs")),
    ("src/demo.rs", include_str!("../templates/src/demo.rs")),
    ("src/map.rs", include_str!("../templates/src/map.rs")),
    ("src/payload.rs", include_str!("../templates/src/payload.rs")),
    ("tests/suite/main.rs", include_str!("../templates/tests/suite/main.rs")),
    ("tests/suite/conformance.rs", include_str!("../templates/tests/suite/conformance.rs")),
    ("goldens/example.json", include_str!("../templates/goldens/example.json")),
    ("demo/1-example.json", include_str!("../templates/demo/1-example.json")),
    (MANIFEST, include_str!("../templates/manifest.toml")),
];

const MANIFEST: &str = "Cargo.toml";

/// Names of Rust's prelude that no template has, and that its author will want.
const PRELUDE: [&str; 2] = ["None", "Option"];

impl NewProvider {
    /// Makes the crate where it is to stand alone, or else in `providers/` of the workspace at
    /// `root`, and changes nothing else there.
    pub fn make(&self, root: &Path) -> Result<(), Refusal> {
        let folder = self.folder();
        // `labgate-core` and its like stand in folders of their own.
        for taken in [folder.as_path(), self.kind.as_str().as_ref()] {
            if root.join(taken).exists() {
                return Err(Refusal::Taken(taken.into()));
            }
        }
        let type_name = self.type_name.as_str();
        if self.has_a_meaning(type_name) {
            return Err(Refusal::Ambiguous(type_name.into()));
        }
        for (name, template) in FILES {
            let path = folder.join(name);
            let mut text = self.filled_in(template);
            if name == MANIFEST && self.standalone.is_some() {
                text = standalone::manifest(&text, root);
            }
            write(&root.join(&path), &text)
                .map_err(|problem| Refusal::Unwritable { path, problem })?;
        }
        Ok(())
    }

    /// Where it is made, below the root of the workspace unless the path is absolute.
    fn folder(&self) -> PathBuf {
        let ours = || Path::new("providers").join(self.kind.as_str());
        self.standalone.clone().unwrap_or_else(ours)
    }

    /// What its author does next: a command, and lines in files that others share.
    pub fn next(&self) -> String {
        let template = match self.standalone {
            Some(_) => include_str!("../templates/next-standalone"),
            None => include_str!("../templates/next"),
        };
        self.filled_in(template).replace("«folder»", &self.folder().display().to_string())
    }

    /// Whether the code of the crate has a word `name` that is not the provider's own type.
    fn has_a_meaning(&self, name: &str) -> bool {
        let sources = FILES
            .iter()
            .filter(|(file, _)| Path::new(file).extension().is_some_and(|ending| ending == "rs"));
        let lines = sources.flat_map(|(_, template)| template.lines());
        let mut code = lines.filter(|line| !line.trim_start().starts_with("//"));
        let is_word = |line: &str| {
            let line = self.placed(line).replace("Acme", "");
            line.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == name)
        };
        PRELUDE.contains(&name) || code.any(is_word)
    }

    fn filled_in(&self, template: &str) -> String {
        self.placed(template)
            .replace("acme", self.kind.as_str())
            .replace("Acme", self.type_name.as_str())
            .replace("ACME", &self.kind.as_str().to_ascii_uppercase())
    }

    /// `template` with what depends on the signature, and still for Acme.
    fn placed(&self, template: &str) -> String {
        let places = self.signature.places().into_iter();
        places.fold(template.to_owned(), |text, (place, word)| text.replace(place, word))
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().expect("a file stands in a folder"))?;
    fs::write(path, text)
}
