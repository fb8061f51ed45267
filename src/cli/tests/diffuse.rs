//! The flags of `diffuse`.

use super::*;
use crate::decode::diffusion::{DiffusionSettings, Pace, Score};
use crate::headless::DiffuseRequest;

fn request(line: &[&str]) -> DiffuseRequest {
    match action(&[&["diffuse"], line].concat()) {
        Ok(Action::Diffuse(_, request)) => request,
        other => panic!("{line:?}: {other:?}"),
    }
}

fn wrong(line: &[&str]) -> String {
    complaint(&action(&[&["diffuse"], line].concat()).expect_err("wrong"))
}

#[test]
fn nothing_said_is_the_default() {
    assert_eq!(request(&[]), DiffuseRequest::default());
}

#[test]
fn llama_cpps_flags() {
    let line = [
        "--diffusion-steps",
        "32",
        "--diffusion-algorithm",
        "2",
        "--diffusion-alg-temp",
        "0.5",
        "--diffusion-block-length",
        "16",
        "--diffusion-cfg-scale",
        "1.5",
        "--diffusion-visual",
        "--diffusion-add-gumbel-noise",
        "1",
        "-ub",
        "96",
    ];
    let found = request(&line);
    let expected = DiffusionSettings {
        score: Score::Margin,
        pace: Pace::Steps { steps: 32, eps: 1e-3 },
        block_length: 16,
        alg_temperature: 0.5,
        guidance: 1.5,
        ..DiffusionSettings::default()
    };
    assert_eq!((found.diffusion, found.length, found.visual), (expected, Some(96), true));
    let eps = request(&["--diffusion-eps", "0.25", "--diffusion_steps", "8"]).diffusion.pace;
    assert_eq!(eps, Pace::Steps { steps: 8, eps: 0.25 });
}

#[test]
fn our_flags() {
    let found = request(&[
        "--diffusion-tokens",
        "3",
        "--diffusion-algorithm",
        "left-to-right",
        "-n",
        "20",
        "-ub",
        "64",
    ]);
    assert_eq!((found.diffusion.pace, found.diffusion.score), (Pace::Tokens(3), Score::LeftToRight));
    assert_eq!((found.predict, found.length), (Some(20), None), "-n says more than -ub");
    let found =
        request(&["--diffusion-threshold", "0.9", "--diffusion-length", "40", "--diffusion-remask", "0.1"]);
    assert_eq!((found.diffusion.pace, found.length), (Pace::Threshold(0.9), Some(40)));
    assert_eq!(found.diffusion.remask_below, 0.1);
    let found = request(&[
        "--infill",
        "a ___",
        "--sweep-steps",
        "1, 2,4",
        "-md",
        "b.gguf",
        "--joint",
        "--json",
        "--guesses",
    ]);
    assert_eq!((found.infill.as_deref(), &found.sweep[..]), (Some("a ___"), &[1, 2, 4][..]));
    assert_eq!(found.beside.as_deref(), Some(Path::new("b.gguf")));
    assert!(found.joint && found.json && found.guesses && !found.alone);
    let found = request(&["--no-beside", "--diffusion-score-after-chain", "--diffusion-fill-after-end"]);
    assert!(found.alone && found.diffusion.score_after_chain && found.diffusion.fill_after_end);
}

#[test]
fn what_does_not_go_together_is_refused() {
    for line in [
        &["--diffusion-eps", "0.1", "--diffusion-block-length", "8"][..],
        &["--diffusion-steps", "4", "--diffusion-tokens", "2"],
        &["--diffusion-steps", "4", "--diffusion-threshold", "0.5"],
        &["--diffusion-steps", "4", "--sweep-steps", "1,2"],
        &["--infill", "a ___", "-p", "b"],
        &["--diffusion-length", "8", "-n", "4"],
        &["--no-beside", "-md", "b.gguf"],
    ] {
        assert!(wrong(line).contains("cannot be used with"), "{line:?}: {}", wrong(line));
    }
    assert!(
        wrong(&["--diffusion-algorithm", "5"])
            .contains("expected a number from 0 to 4, or one of origin, entropy")
    );
    assert!(wrong(&["--sweep-steps", "1,0"]).contains("whole numbers from 1 to 65536"));
    assert!(wrong(&["--diffusion-length", "0"]).contains("--diffusion-length"));
}

#[test]
fn values_out_of_range_name_their_flag() {
    let said = |line: &[&str]| request(line).diffusion.validate().map_err(|invalid| invalid.to_string());
    assert_eq!(said(&["--diffusion-steps", "65536"]), Ok(()));
    for (line, start) in [
        (["--diffusion-steps", "0"], "--diffusion-steps 0: allowed is a whole number from 1 to 65536"),
        (["--diffusion-tokens", "65537"], "--diffusion-tokens 65537: allowed is"),
        (["--diffusion-eps", "1"], "--diffusion-eps 1: allowed is a number from 0 to below 1"),
        (["--diffusion-eps", "nan"], "--diffusion-eps NaN: allowed is"),
        (["--diffusion-threshold", "1.5"], "--diffusion-threshold 1.5: allowed is"),
        (["--diffusion-alg-temp", "-1"], "--diffusion-alg-temp -1: allowed is"),
        (["--diffusion-cfg-scale", "inf"], "--diffusion-cfg-scale inf: allowed is"),
        (["--diffusion-remask", "2"], "--diffusion-remask 2: allowed is"),
        (["--diffusion-block-length", "99999"], "--diffusion-block-length 99999: allowed is"),
    ] {
        let said = said(&line).expect_err("out of range");
        assert!(said.starts_with(start), "{said}");
    }
}
