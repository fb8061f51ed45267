//! LoRA adapters: added to the weights by their scales, changed without loading, refused with a reason.

mod support;

use std::sync::Arc;

use logitscope::{
    engine::{
        Evaluator, Request,
        llama::{LlamaEvaluator, load},
    },
    settings::{LoraAdapter, LoraScale, ModelSettings},
    token::Token,
};
use support::{lora::adapter, program::Program};

/// Cells that the built-in model is wide.
const WIDTH: u64 = 256;

fn logits(evaluator: &mut LlamaEvaluator<'_>) -> Vec<f32> {
    let path: Arc<[Token]> = (1..20).map(Token).collect();
    let mut found = Vec::new();
    evaluator
        .evaluate(&Request::after([path], None), &mut |_| true, &mut |_, row| found = row.logits.to_vec())
        .expect("evaluated");
    found
}

#[test]
fn a_scale_that_is_changed_gives_what_loading_with_it_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tuned.gguf");
    std::fs::write(&file, adapter("adapter", "llama", WIDTH)).expect("written");
    let settings = |scale| ModelSettings {
        lora: vec![LoraAdapter { path: file.clone(), scale: LoraScale::new(scale).expect("a scale") }],
        ..ModelSettings::default()
    };
    let loaded_with = |settings: &ModelSettings| {
        let model = load(settings, |_| true).expect("a model");
        logits(&mut LlamaEvaluator::new(&model, settings).expect("a context"))
    };
    let plain = loaded_with(&ModelSettings::default());
    let (whole, half) = (loaded_with(&settings(1.0)), loaded_with(&settings(0.5)));
    assert!(plain != whole && whole != half && half != plain, "it does something");
    let model = load(&settings(1.0), |_| true).expect("a model");
    assert!(model.info.title.ends_with("+ LoRA"), "{}", model.info.title);
    let mut evaluator = LlamaEvaluator::new(&model, &settings(1.0)).expect("a context");
    for (scale, expected) in [(1.0, &whole), (0.5, &half), (0.0, &plain), (1.0, &whole)] {
        evaluator.adapt(&[LoraScale::new(scale).expect("a scale")]);
        assert!(logits(&mut evaluator) == *expected, "scale {scale}: to the bit");
    }
}

#[test]
fn a_text_is_written_with_it_and_its_flags_are_llama_cpps() {
    let program = Program::new();
    program.write("tuned.gguf", adapter("adapter", "llama", WIDTH));
    let text = |flags: &[&str]| {
        let run = ["run", "-p", "Once upon a time", "--temp", "0", "-n", "24"];
        let ran = program.run(&[&run[..], flags].concat());
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran.text().to_owned()
    };
    let plain = text(&[]);
    assert_eq!(text(&["--lora-scaled", "tuned.gguf:0"]), plain);
    let tuned = text(&["--lora", "tuned.gguf:60"]);
    assert_ne!(tuned, plain);
    assert_eq!(text(&["--lora-scaled", "tuned.gguf:60"]), tuned);
    assert_ne!(text(&["--lora", "tuned.gguf:0,tuned.gguf:60"]), plain, "the second one counts, too");
    program.write(".config/logitscope/config.toml", "[model]\nlora = [\"tuned.gguf:60\"]\n");
    assert_eq!(text(&[]), tuned);
}

#[test]
fn what_is_no_adapter_for_the_model_is_refused_with_the_reason() {
    let program = Program::new();
    program.write("other.gguf", adapter("adapter", "qwen2", WIDTH));
    program.write("model.gguf", adapter("model", "llama", WIDTH));
    program.write("narrow.gguf", adapter("adapter", "llama", 128));
    let mut cut = adapter("adapter", "llama", WIDTH);
    cut.truncate(cut.len() - 1000);
    program.write("cut.gguf", cut);
    program.write("text.gguf", "no GGUF at all");
    for (file, why) in [
        ("other.gguf", "made for \"qwen2\" models, and this model is \"llama\""),
        ("model.gguf", "not a LoRA adapter"),
        ("narrow.gguf", "does not fit the model"),
        ("cut.gguf", "cut.gguf"),
        ("text.gguf", "text.gguf"),
        ("nothing.gguf", "there is no such file"),
    ] {
        let ran = program.run(&["run", "-p", "a", "-n", "1", "--lora", file]);
        assert_eq!(ran.status, Some(1), "{file}");
        assert!(ran.stderr.contains(why), "{file}: {}", ran.stderr);
    }
    let ran = program.run(&["run", "-p", "a", "--lora-scaled", "other.gguf"]);
    assert!(ran.status == Some(2) && ran.stderr.contains("expected FILE:SCALE"), "{}", ran.stderr);
}
