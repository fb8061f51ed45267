//! Grammars, bans and DRY on the built-in model, beside llama.cpp's own samplers used as its tools use them.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use llama_cpp_2::{
    model::LlamaModel,
    sampling::LlamaSampler,
    token::{LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray},
};
use logitscope::{
    decode::{
        CursorError, Session, StopReason, StopRules,
        lanes::{Replay, Verdict},
    },
    distribution::Summary,
    engine::{
        Evaluator as _, Request,
        llama::{LlamaEvaluator, LoadedModel, load, log},
    },
    sampling::{
        Cause, Chain, ChainModel, Draws, Facts, Fate, GrammarSource, LogitBias, Miss, Off, SamplerKind,
        SamplerState, SamplingSettings, StageKind,
    },
    settings::ModelSettings,
    token::Token,
};
use proptest::prelude::*;

const PROMPT: &str = "Once upon a time";

fn model() -> LoadedModel {
    log::start(None).expect("nothing to open");
    let settings = ModelSettings { threads: Some(1), sequences: 1, ..ModelSettings::default() };
    load(&settings, |_| true).expect("the built-in model loads")
}

/// A session with the evaluator that feeds it.
struct Run<'m> {
    session: Session,
    evaluator: LlamaEvaluator<'m>,
}

impl<'m> Run<'m> {
    fn new(model: &'m LoadedModel, settings: SamplingSettings) -> Self {
        let evaluator =
            LlamaEvaluator::new(model, &ModelSettings { sequences: 1, ..ModelSettings::default() })
                .expect("a context");
        let vocabulary = Arc::clone(&model.vocabulary);
        let prompt = vocabulary.tokenize(PROMPT);
        let rules = StopRules::default();
        let session = Session::new(vocabulary, prompt, settings, rules, evaluator.context_size(), 1 << 26)
            .expect("the settings are fine");
        Self { session, evaluator }
    }

    /// The logits after the path.
    fn logits(&mut self) -> Vec<f32> {
        let path = self.session.path().tokens().to_vec();
        let mut logits = Vec::new();
        self.evaluator
            .evaluate(&Request::after([path[..].into()], None), &mut |_| true, &mut |_, row| {
                logits = row.logits.to_vec();
            })
            .expect("the path fits");
        logits
    }

    fn feed(&mut self) {
        let Some(node) = self.session.wanted() else { return };
        let logits = self.logits();
        self.session.absorb(node, Summary::of(&logits, 8), logits.into(), Duration::ZERO);
    }

    fn step(&mut self) -> Result<Option<Token>, CursorError> {
        self.feed();
        Ok(self.session.step(false)?.and_then(|_| self.session.path().tokens().last().copied()))
    }

    /// Generates up to `n` tokens.
    fn generate(&mut self, n: usize) -> Vec<Token> {
        let all = std::iter::from_fn(|| self.step().expect("there is something to draw"));
        all.take(n).collect()
    }

    /// The generated text without the end token.
    fn text(&self) -> String {
        let (path, vocabulary) = (self.session.path(), self.session.vocabulary());
        let tokens = path.tokens()[path.prompt_len()..].iter().filter(|token| !vocabulary.is_eog(**token));
        let bytes: Vec<u8> = tokens.flat_map(|token| vocabulary.piece(*token)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What llama.cpp's tools do for each token: the chain draws, the grammar checks, and on failure masks and the chain
/// draws again (`common_sampler_sample` in its common/sampling.cpp).
struct Reference {
    grammar: LlamaSampler,
    chain: LlamaSampler,
}

impl Reference {
    fn new(model: &LlamaModel, gbnf: &str, s: &SamplingSettings, n_vocab: usize, prompt: &[Token]) -> Self {
        let seed = s.seed.expect("a seed");
        let penalties = LlamaSampler::penalties(
            n_vocab as i32,
            s.repeat_last_n,
            s.repeat_penalty,
            s.frequency_penalty,
            s.presence_penalty,
        );
        let mut chain = LlamaSampler::chain(
            [
                penalties,
                LlamaSampler::top_k(s.top_k),
                LlamaSampler::top_p(s.top_p, 0),
                LlamaSampler::min_p(s.min_p, 0),
                LlamaSampler::xtc(s.xtc_probability, s.xtc_threshold, 0, seed),
                LlamaSampler::temp_ext(s.temperature, s.dynatemp_range, s.dynatemp_exponent),
                LlamaSampler::dist(seed),
            ],
            true,
        );
        chain.accept_many(prompt.iter().map(|token| LlamaToken(token.to_llama())));
        Self { grammar: LlamaSampler::grammar(model, gbnf, "root").expect("the grammar is fine"), chain }
    }

    fn sample(&mut self, logits: &[f32]) -> Token {
        let fill = || {
            let data =
                (0..).zip(logits).map(|(id, &l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)).collect();
            LlamaTokenDataArray::new(data, false)
        };
        let mut array = fill();
        array.apply_sampler(&mut self.chain);
        let mut drawn = array.selected_token().expect("dist selects");
        let mut one = LlamaTokenDataArray::new(vec![LlamaTokenData::new(drawn, 1.0, 0.0)], false);
        one.apply_sampler(&mut self.grammar);
        if one.data[0].logit() == f32::NEG_INFINITY {
            let mut array = fill();
            array.apply_sampler(&mut self.grammar);
            array.apply_sampler(&mut self.chain);
            drawn = array.selected_token().expect("dist selects");
        }
        self.grammar.accept(drawn);
        self.chain.accept(drawn);
        Token::from_llama(drawn.0).expect("a token")
    }
}

const GRAMMARS: [&str; 4] = [
    "root ::= [a-z ,]+ \".\"",
    "root ::= \" \" word (\" \" word){2,6} [.!?]\nword ::= [a-z]+ | \"Lily\"",
    "root ::= [^.]* \".\" [^.]* \".\"",
    "root ::= (\",\" | \" and\") .*",
];

fn settings(seed: u32) -> SamplingSettings {
    let samplers = vec![
        SamplerKind::Penalties,
        SamplerKind::TopK,
        SamplerKind::TopP,
        SamplerKind::MinP,
        SamplerKind::Xtc,
        SamplerKind::Temperature,
    ];
    let base = SamplingSettings { samplers, seed: Some(seed), ..SamplingSettings::default() };
    match seed % 3 {
        0 => base,
        1 => SamplingSettings { temperature: 1.4, repeat_penalty: 1.2, min_p: 0.0, ..base },
        _ => SamplingSettings { xtc_probability: 0.6, xtc_threshold: 0.05, top_k: 0, ..base },
    }
}

#[test]
fn what_if_under_a_grammar_draws_the_numbers_that_the_path_was_drawn_with() {
    let model = model();
    let grammar = GrammarSource::gbnf("root ::= [a-f ]+").expect("fine");
    for seed in 0..4 {
        let settings = SamplingSettings {
            temperature: 1.5,
            top_k: 0,
            seed: Some(seed),
            grammar: grammar.clone(),
            ..SamplingSettings::default()
        };
        let mut run = Run::new(&model, settings.clone());
        assert!(run.generate(12).len() > 4, "seed {seed}");
        let mut replay = Replay::new(&run.session, &settings).expect("a chain");
        assert_eq!(replay.advance(run.session.tree_mut()), Ok(None));
        assert_eq!(replay.verdict(), Verdict::Same, "seed {seed}: its own settings");
    }
}

#[test]
fn tokens_under_a_grammar_are_those_of_llama_cpps_tools() {
    let model = model();
    let prompt = model.vocabulary.tokenize(PROMPT);
    let mut resampled = 0;
    for (number, gbnf) in (0..).zip(GRAMMARS) {
        for seed in 3 * number..3 * number + 6 {
            let settings =
                SamplingSettings { grammar: GrammarSource::gbnf(gbnf).expect("fine"), ..settings(seed) };
            let mut run = Run::new(&model, settings.clone());
            let mut reference =
                Reference::new(&model.model, gbnf, &settings, model.vocabulary.len(), &prompt);
            for _ in 0..24 {
                if run.session.stopped().is_some() {
                    break;
                }
                let logits = run.logits();
                let expected = reference.sample(&logits);
                let drawn = run.step().expect("something fits").expect("it runs");
                assert_eq!(drawn, expected, "{gbnf} with seed {seed}: {}", run.text());
            }
            let steps = run.session.path().steps();
            resampled += steps.iter().filter(|(step, _)| step.p_raw < 0.001).count();
        }
    }
    assert!(resampled > 0, "no grammar ever refused a token");
}

#[test]
fn going_back_and_forth_meets_the_same_tokens() {
    let model = model();
    for gbnf in GRAMMARS {
        let grammar = GrammarSource::gbnf(gbnf).expect("fine");
        let mut run = Run::new(&model, SamplingSettings { grammar, ..settings(5) });
        let first = run.generate(12);
        for back in [6, 1, 9, 0] {
            run.session.back_to(back.min(first.len()));
            run.generate(12 - back);
            let again = &run.session.path().tokens()[run.session.path().prompt_len()..];
            assert_eq!(again, first, "{gbnf} from {back}");
        }
    }
}

#[test]
fn a_choice_list_ends_with_an_end_token() {
    let model = model();
    for seed in 0..8 {
        let choices = vec![" the cat".to_owned(), " a small dog".to_owned(), " nobody".to_owned()];
        let grammar = GrammarSource::choices(choices.clone()).expect("three texts");
        let mut run = Run::new(&model, SamplingSettings { grammar, ..settings(seed) });
        run.generate(40);
        assert!(choices.contains(&run.text()), "{:?}", run.text());
        assert!(matches!(run.session.stopped(), Some(StopReason::Eog { .. })), "{:?}", run.session.stopped());
    }
}

#[test]
fn a_schema_gives_json_of_its_shape() {
    let model = model();
    let schema = r#"{"type":"object","properties":{"name":{"enum":["Lily","Tom"]},"n":{"type":"integer","minimum":0,"maximum":9}},
        "required":["name","n"],"additionalProperties":false}"#;
    for seed in 0..6 {
        let grammar = GrammarSource::json_schema(schema).expect("a plain schema");
        let mut run = Run::new(&model, SamplingSettings { grammar, ..settings(seed) });
        run.generate(60);
        let value: serde_json::Value = serde_json::from_str(&run.text()).expect("JSON");
        assert!(["Lily", "Tom"].contains(&value["name"].as_str().expect("a text")), "{value}");
        assert!((0..10).contains(&value["n"].as_i64().expect("a number")), "{value}");
    }
}

#[test]
fn the_xray_shows_what_the_grammar_masked() {
    let model = model();
    let grammar = GrammarSource::gbnf(" root ::= \"!\" [a-z ]+").expect("fine");
    let mut run = Run::new(&model, SamplingSettings { grammar, ..settings(3) });
    run.feed();
    let length = run.session.path().tokens().len();
    let (xray, strip) = run.session.xray(length, &[0.2, 2.0]).expect("the logits are at hand");
    let stage = &xray.stages[0];
    assert_eq!(stage.kind, StageKind::Grammar);
    let Facts::Grammar { first, fits: false } = stage.facts else { panic!("{:?}", stage.facts) };
    assert_eq!(xray.cut(first), Some((0, Miss::Grammar)), "what was drawn first is not allowed");
    assert_eq!(run.session.vocabulary().piece(xray.outcome.chosen), b"!");
    assert!(stage.removed_mass > 0.5 && stage.kept < 20, "{stage:?}");
    assert!(strip.iter().all(|at| at.token == xray.outcome.chosen), "only ! fits");
    let drawn = run.step().expect("something fits");
    assert_eq!(drawn, Some(xray.outcome.chosen));
}

#[test]
fn picking_by_hand_against_the_grammar_ends_its_hold() {
    let model = model();
    let grammar = GrammarSource::gbnf("root ::= \"!\"+").expect("fine");
    let mut run = Run::new(&model, SamplingSettings { grammar, ..settings(3) });
    run.feed();
    let eog = run.session.vocabulary().eog()[0];
    let comma = run.session.vocabulary().tokenize(",")[1];
    run.session.take(comma).expect("a token").expect("it runs");
    run.generate(6);
    assert!(!run.text()[1..].starts_with('!'), "{:?}", run.text());
    let length = run.session.path().tokens().len() - 1;
    let (xray, _) = run.session.xray(length, &[]).expect("the logits are kept");
    assert_eq!(xray.stages[0].off, Some(Off::Left));
    // Back before it, the grammar holds again.
    run.session.back_to(0);
    run.generate(3);
    assert!(run.text().starts_with('!'), "{:?}", run.text());
    // An end token where the grammar allows none must not reach llama.cpp, which would end the process.
    run.session.back_to(0);
    run.feed();
    run.session.take(eog).expect("a token");
    assert!(run.session.stopped().is_some());
}

#[test]
fn nothing_is_drawn_where_nothing_is_left() {
    let model = model();
    let grammar = GrammarSource::gbnf("root ::= \"!\"").expect("fine");
    let ban = |token: Token| LogitBias { token, bias: f32::NEG_INFINITY };
    let vocabulary = &model.vocabulary;
    let with_mark =
        (0..vocabulary.len() as u32).map(Token).filter(|t| vocabulary.piece(*t).starts_with(b"!"));
    let settings = SamplingSettings { grammar, logit_bias: with_mark.map(ban).collect(), ..settings(3) };
    let mut run = Run::new(&model, settings);
    assert_eq!(run.step(), Err(CursorError::NothingLeft));
}

#[test]
fn banned_strings_are_never_written() {
    let model = model();
    let banned: Vec<String> = ["was", "little", ", there", "e "].map(String::from).to_vec();
    for seed in 0..4 {
        let mut run = Run::new(&model, SamplingSettings { banned_strings: banned.clone(), ..settings(seed) });
        run.generate(40);
        let text = run.text();
        assert!(banned.iter().all(|ban| !text.contains(ban)), "{text}");
    }
}

#[test]
fn dry_names_the_sequence_it_punishes_and_equals_llama_cpps() {
    let model = model();
    let n_vocab = model.vocabulary.len();
    let settings = SamplingSettings {
        samplers: vec![SamplerKind::Dry],
        dry_multiplier: 0.8,
        dry_sequence_breakers: vec!["\n".into()],
        ..SamplingSettings::default()
    };
    let [a, b, c, d] = [300, 301, 302, 303].map(Token);
    let history = [a, b, c, d, a, b, c];
    let chain_model = ChainModel {
        n_vocab,
        context_size: 512,
        llama: Some(Arc::clone(&model.model)),
        ..ChainModel::default()
    };
    let mut chain = Chain::new(&settings, 1, &chain_model).expect("there is a vocabulary");
    let logits: Arc<[f32]> = (0..n_vocab).map(|id| (id % 7) as f32).collect();
    let xray = chain.xray(&logits, &history, &SamplerState::default(), 0.5);
    let (index, stage) =
        xray.stages.iter().enumerate().find(|(_, s)| s.kind == SamplerKind::Dry.into()).expect("listed");
    assert_eq!(stage.moved, 1);
    // "a b c" stands there already: d would make it four. 0.8 · 1.75^(3 − 2)
    let fate = xray.fate(index, d).expect("it is in the vocabulary");
    assert_eq!(fate.to_string(), "moved by −1.4: would make a repeat of 4 tokens");
    assert!(matches!(fate, Fate::Moved { cause: Cause::Repeats { length: Some(3), .. }, .. }));

    let mut theirs = LlamaSampler::dry(&model.model, 0.8, 1.75, 2, 64, ["\n"])
        .with_tokens(history.map(|token| LlamaToken(token.to_llama())));
    let data = (0..).zip(&*logits).map(|(id, &l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)).collect();
    let mut expected = LlamaTokenDataArray::new(data, false);
    expected.apply_sampler(&mut theirs);
    for (ours, expected) in stage.after.in_order().zip(&expected.data) {
        assert_eq!(
            (ours.token.to_llama(), ours.logit.to_bits()),
            (expected.id().0, expected.logit().to_bits())
        );
    }
}

#[test]
fn what_repeats_nothing_without_end_is_refused() {
    let model = model();
    let grammar = GrammarSource::gbnf("root ::= (| \"a\")*").expect("the syntax is fine");
    let chain_model = model.vocabulary.chain_model(512);
    let refused = Chain::new(&SamplingSettings { grammar, ..settings(1) }, 1, &chain_model).err();
    assert_eq!(
        refused.expect("llama.cpp refuses it").to_string(),
        "llama.cpp does not accept the grammar: a rule is left-recursive, or repeats without end something that can be empty"
    );
}

/// The chain that `settings` make leaves and draws what llama.cpp's chain of these samplers does, on the built-in model.
fn equals_llama_cpps(
    settings: &SamplingSettings,
    theirs: Vec<LlamaSampler>,
    logits: &Arc<[f32]>,
    history: &[Token],
    seed: u32,
) {
    let accepted = history.iter().map(|token| LlamaToken(token.to_llama()));
    let mut theirs = LlamaSampler::chain(theirs, true).with_tokens(accepted);
    let data = (0..).zip(&**logits).map(|(id, &l)| LlamaTokenData::new(LlamaToken(id), l, 0.0)).collect();
    let mut expected = LlamaTokenDataArray::new(data, false);
    expected.apply_sampler(&mut theirs);
    let mut chain =
        Chain::new(settings, seed, &MODEL.vocabulary.chain_model(512)).expect("there is a vocabulary");
    let u = Draws::new(seed).u(0);
    let xray = chain.xray(logits, history, &SamplerState::default(), u);
    assert_eq!(Some(xray.outcome.chosen.to_llama()), expected.selected_token().map(|token| token.0));
    let ours: Vec<_> = xray.last().in_order().map(|c| (c.token.to_llama(), c.logit.to_bits())).collect();
    let expected: Vec<_> = expected.data.iter().map(|c| (c.id().0, c.logit().to_bits())).collect();
    assert!(ours == expected, "{settings:?} after {history:?}");
}

static MODEL: LazyLock<LoadedModel> = LazyLock::new(model);

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// DRY alone, and in a chain with penalties before it and cuts behind it, after any text that repeats itself.
    #[test]
    fn dry_equals_llama_cpps(
        (multiplier, base, allowed_length) in (0.1_f32..4.0, 1.0_f32..3.0, 0..5),
        window in prop::sample::select(vec![0, 1, 6, 64]),
        breakers in prop::sample::subsequence(vec!["\n", ":", "\"", "*", " the"], 0..=5),
        history in prop::collection::vec(prop_oneof![300_u32..304, Just(10), 0_u32..500], 0..60),
        seed in 1_u32..1000,
    ) {
        let settings = SamplingSettings {
            samplers: vec![SamplerKind::Penalties, SamplerKind::Dry, SamplerKind::TopK, SamplerKind::TopP, SamplerKind::Temperature],
            repeat_penalty: 1.2,
            dry_multiplier: multiplier,
            dry_base: base,
            dry_allowed_length: allowed_length,
            dry_penalty_last_n: window,
            dry_sequence_breakers: breakers.iter().map(|text| (*text).to_owned()).collect(),
            ..SamplingSettings::default()
        };
        let history: Vec<Token> = history.into_iter().map(Token).collect();
        let n_vocab = MODEL.vocabulary.len();
        let logits: Arc<[f32]> = (0..n_vocab).map(|id| ((id * 7919 + seed as usize) % 61) as f32 / 6.0).collect();
        let dry = || LlamaSampler::dry(&MODEL.model, multiplier, base, allowed_length, window, &breakers);
        let s = &settings;
        let whole = || {
            [
                LlamaSampler::penalties(n_vocab as i32, s.repeat_last_n, s.repeat_penalty, 0.0, 0.0),
                dry(),
                LlamaSampler::top_k(s.top_k),
                LlamaSampler::top_p(s.top_p, 0),
                LlamaSampler::temp_ext(s.temperature, 0.0, 1.0),
                LlamaSampler::dist(seed),
            ]
        };
        let alone = SamplingSettings { samplers: vec![SamplerKind::Dry], ..settings.clone() };
        equals_llama_cpps(&alone, vec![dry(), LlamaSampler::dist(seed)], &logits, &history, seed);
        equals_llama_cpps(&settings, whole().into(), &logits, &history, seed);
    }

    /// Whatever the check lets pass, llama.cpp lives with: it refuses it with a sentence, or takes it.
    #[test]
    fn no_grammar_ends_the_process(
        root in r#"( "[a-c]{0,2}"| \[a-z\]| \(| \)| \||\*|\+|\?|\{0,2\}| item| root| <\[300\]>| \.| ""){1,12}"#,
        item in r#"( "[ !d]{0,2}"| \(| \)| \||\*|\?| item| root){1,8}"#,
    ) {
        if let Ok(grammar) = GrammarSource::gbnf(&format!("root ::={root}\nitem ::={item}\n")) {
            let settings = SamplingSettings { grammar, ..settings(1) };
            let _ = Chain::new(&settings, 1, &MODEL.vocabulary.chain_model(512));
        }
    }

    /// And it draws with it, whatever the logits: what is drawn fits.
    #[test]
    fn drawing_with_a_grammar_never_fails(
        root in r#"( "[a-c]{0,2}"| \[a-z\]| \[\^x\]|\*|\+|\?|\{0,2\}| item| <\[300\]>| \.){1,8}"#,
        seed in 0_u32..50,
    ) {
        let vocabulary = &MODEL.vocabulary;
        let gbnf = format!("root ::={root}\nitem ::= \" \"? [!d] | (\"e\" | \"é\")+\n");
        if let Ok(grammar) = GrammarSource::gbnf(&gbnf) {
            let settings = SamplingSettings { grammar, ..settings(seed) };
            if let Ok(mut chain) = Chain::new(&settings, seed, &vocabulary.chain_model(512)) {
                let logits: Vec<f32> = (0..vocabulary.len()).map(|id| ((id * 7919) % 23) as f32 / 4.0).collect();
                let (mut path, mut state) = (Vec::new(), SamplerState::default());
                for step in 0..8 {
                    let outcome = chain.apply(&logits, &path, &state, f64::from(step) / 8.0, step % 2 == 0);
                    if outcome.p_final.is_nan() || vocabulary.is_eog(outcome.chosen) {
                        break;
                    }
                    path.push(outcome.chosen);
                    state = outcome.state;
                }
            }
        }
    }
}
