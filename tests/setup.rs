//! Runs the tests of `scripts/setup.sh`, which are a shell script of their own.

#![cfg(unix)]

use std::process::Command;

#[test]
fn setup_script_says_and_does_the_right_thing_on_every_machine() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/setup_test.sh");
    let output = Command::new("sh").arg(script).output().expect("sh runs the script");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
