//! The manifest of a provider that is kept outside this workspace.

use std::path::Path;

/// Where versions and features come from: those that the core is built with.
const WORKSPACE: &str = include_str!("../../Cargo.toml");

/// `member`, the manifest of a member of the workspace at `root`, for a workspace of its own.
pub(crate) fn manifest(member: &str, root: &Path) -> String {
    let member = member.replace("[lints]\nworkspace = true\n\n", "");
    let mut manifest = String::new();
    for line in member.lines() {
        match line.strip_suffix(".workspace = true") {
            // Under which licence, and where, is for its author to say.
            Some("license" | "repository") => continue,
            Some(name) => manifest.push_str(&inherited(name, root)),
            None => manifest.push_str(line),
        }
        manifest.push('\n');
    }
    manifest
        + "\n# Labgate is this checkout; elsewhere, give each of its crates one revision:\n\
           # { git = \"https://github.com/labgate/labgate\", rev = \"…\" }\n\
           [workspace]\n"
}

/// What a member inherits under `name`, with paths from anywhere.
fn inherited(name: &str, root: &Path) -> String {
    let is_it = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(" = "));
    let line = WORKSPACE.lines().find(is_it).expect("templates inherit what the workspace has");
    line.replace("{ path = \"", &format!("{{ path = \"{}/", root.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_inherited_any_more() {
        let manifest = manifest(include_str!("../templates/manifest.toml"), Path::new("/labgate"));
        assert!(!manifest.contains("workspace = true"), "{manifest}");
        for line in
            ["publish = false", "labgate-core = { path = \"/labgate/core\" }", "[workspace]"]
        {
            assert!(manifest.lines().any(|it| it == line), "{line} is not in {manifest}");
        }
        assert!(!manifest.contains("license"), "{manifest}");
    }
}
