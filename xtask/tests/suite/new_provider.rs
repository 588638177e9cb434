//! A new provider compiles at once, and its tests fail exactly where its author must write.

use std::{fs, path::Path, process::Output};

use xtask::{Kind, NewProvider, Refusal, Signature};

use crate::workspace::{Workspace, ours};

/// What nobody but the author can know: what the example means.
const UNWRITTEN: [&str; 1] = ["conformance::map::goldens_become_their_notices"];

#[test]
fn a_new_provider_lacks_nothing_but_its_author() {
    let workspace = Workspace::new();
    let providers = [
        ("new_a", Signature::TimestampedHmac),
        ("new_b", Signature::BodyHmac),
        ("new_c1", Signature::StaticToken),
        ("new_diagnostics_laboratories", Signature::StandardWebhooks),
    ];
    for (kind, signature) in providers {
        provider(kind, signature).make(workspace.root()).unwrap();
    }
    workspace.succeeds(&["fmt", "--check"]);
    workspace.succeeds(&["clippy", "--all-targets", "--", "--deny", "warnings"]);
    workspace.succeeds(&["test", "--no-run"]);
    for (kind, _) in providers {
        check_tests(&workspace.cargo(&[
            "test",
            "--no-fail-fast",
            "-p",
            &format!("labgate-{kind}"),
        ]));
    }
}

#[test]
fn a_private_provider_needs_no_workspace_of_ours() {
    let workspace = Workspace::empty();
    let private = NewProvider {
        type_name: "AcmeAtHome".parse().unwrap(),
        standalone: Some(workspace.root().into()),
        ..provider("acmeathome", Signature::StaticToken)
    };
    // The folder of a workspace is there already: it must be one of its own.
    check_taken(ours(), &private, workspace.root().to_str().unwrap());
    let private = NewProvider { standalone: Some(workspace.root().join("acme")), ..private };
    private.make(ours()).unwrap();
    assert!(private.next().contains("labgate_acmeathome::AcmeAtHome"), "{}", private.next());
    let workspace = workspace.standing_alone("acme");
    workspace.succeeds(&["fmt", "--check"]);
    check_tests(&workspace.cargo(&["test", "--no-fail-fast"]));
    assert!(!ours().join("providers/acmeathome").exists());
}

/// All tests pass but those that are left to the author.
fn check_tests(output: &Output) {
    let told = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    let mut passed = told.lines().filter(|line| line.ends_with(" ... ok"));
    assert!(passed.next().is_some(), "no test passes: {told}{said}");
    let failed = told.lines().filter_map(|line| line.strip_suffix(" ... FAILED"));
    let failed: Vec<_> = failed.filter_map(|line| line.strip_prefix("test ")).collect();
    assert_eq!(failed, UNWRITTEN, "{told}");
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let workspace = tempfile::tempdir().unwrap();
    let acme = provider("acme", Signature::BodyHmac);
    acme.make(workspace.path()).unwrap();
    check_taken(workspace.path(), &acme, "providers/acme");
    fs::create_dir(workspace.path().join("core")).unwrap();
    check_taken(workspace.path(), &provider("core", Signature::BodyHmac), "core");
}

#[test]
fn a_name_that_means_something_else_is_refused() {
    let workspace = tempfile::tempdir().unwrap();
    let names = "self demo config payload provider notices verifier decoded retries order content \
                 envelope reader shape drift identifier unreadable deserialize raw_value \
                 vendor_time verified_request config_error body_hmac result option none string box";
    for name in names.split(' ') {
        let refusal = provider(name, Signature::BodyHmac).make(workspace.path());
        assert!(matches!(refusal, Err(Refusal::Ambiguous(_))), "{name} was made");
    }
    assert_eq!(fs::read_dir(workspace.path()).unwrap().count(), 0);
}

fn check_taken(root: &Path, provider: &NewProvider, expected: &str) {
    let Err(Refusal::Taken(taken)) = provider.make(root) else { panic!("{expected} was made") };
    assert_eq!(taken, Path::new(expected));
}

fn provider(kind: &str, signature: Signature) -> NewProvider {
    let kind: Kind = kind.parse().unwrap();
    NewProvider { type_name: kind.type_name(), kind, signature, standalone: None }
}
