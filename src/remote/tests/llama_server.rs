//! llama-server: what is found out about it, and what comes from it.

use super::{
    after, agrees, count,
    model::{self, BOS, CONTEXT, END, EOS, HALF, PAD, WORDS},
    open, path, patience,
    server::{Reply, Server},
    settings,
};
use crate::{
    chat::Message,
    engine::{Evaluator as _, Model as _, Request, Rows},
    remote::RemoteModel,
    settings::ModelSettings,
    token::Token,
};

fn token(id: usize) -> Token {
    Token(id as u32)
}

#[test]
fn everything_about_the_model_is_found_out() {
    let server = Server::new(model::llama_server);
    let model = open(&settings(&server.url())).expect("it opens");
    let vocabulary = model.vocabulary();
    assert_eq!(vocabulary.len(), WORDS.len());
    assert_eq!(vocabulary.piece(token(BOS)), b"<s>", "special tokens have names");
    assert_eq!(vocabulary.piece(token(HALF)), [0xc3], "a part of a character is its bytes");
    assert!(vocabulary.is_control(token(PAD)) && !vocabulary.is_control(Token(3)));
    assert_eq!(vocabulary.eog(), [token(EOS), token(END)], "also the one that nothing tells of");
    assert_eq!((vocabulary.bos(), vocabulary.adds_bos()), (Some(token(BOS)), true));
    assert_eq!((vocabulary.eos(), vocabulary.adds_eos()), (Some(token(EOS)), false));
    assert_eq!(vocabulary.chain_model(CONTEXT).suppressed, [token(PAD)], "what it never draws itself");
    assert_eq!(vocabulary.try_tokenize("ab").expect("tokens"), [token(BOS), Token(3), Token(4)]);
    assert_eq!(vocabulary.tokenize_part("<|end|>").expect("letters"), [Token(9), Token(8)]);
    assert_eq!(vocabulary.tokenize_more("<|end|>").expect("one"), [token(END)]);
    let info = model.info();
    let about = info.server.as_ref().expect("a server");
    assert_eq!((about.kind, about.parallel, about.candidates), ("llama-server", 3, WORDS.len()));
    assert_eq!(
        (info.title.as_str(), info.trained_context(), info.parameters()),
        ("small-q8_0", 128, Some(1234))
    );
    assert_eq!(model.context(&ModelSettings::default()), CONTEXT);
    let chat = info.chat.as_ref().expect("it has a template");
    let prompt = chat.render(&Message::opening(Some("x"), "y")).expect("a prompt");
    assert_eq!(prompt.text, "system:x\nuser:y\n");
}

#[test]
fn the_whole_vocabulary_is_exact_and_fewer_have_a_tail() {
    let server = Server::new(model::llama_server);
    let all = open(&settings(&server.url())).expect("it opens");
    let paths: [&[u32]; 5] = [&[0, 3], &[0, 4, 5], &[0], &[0, 3, 3, 3], &[0, 9]];
    let rows = after(&all, &paths).expect("rows");
    rows.iter().zip(paths).for_each(|(row, ids)| agrees(row, ids, WORDS.len()));
    let few = ModelSettings { remote_candidates: count(4), ..settings(&server.url()) };
    let few = open(&few).expect("it opens");
    let rows = after(&few, &paths).expect("rows");
    rows.iter().zip(paths).for_each(|(row, ids)| agrees(row, ids, 4));
    // Whoever needs more asks for more.
    let request = Request { candidates: Some(7), ..Request::after([path(&[0, 3])], None) };
    let mut found = None;
    let mut evaluator = few.remote_evaluator();
    let cost = evaluator
        .evaluate(&request, &mut |_| true, &mut |_, row| found = Some((row.logits.to_vec(), row.tail)))
        .expect("a row");
    agrees(&found.expect("one"), &[0, 3], 7);
    assert_eq!((cost.decoded, cost.reused), (1, 1));
    assert_eq!(cost.on_server.map(|time| time.as_micros()), Some(1750));
}

#[test]
fn rows_of_a_text_come_in_order_and_each_is_of_its_prefix() {
    let server = Server::new(|asked| Reply {
        // The first ones take longest.
        takes: std::time::Duration::from_millis(if asked.path == "/completion" {
            20 / (asked.before as u64 + 1)
        } else {
            0
        }),
        ..model::llama_server(asked)
    });
    let model = open(&settings(&server.url())).expect("it opens");
    let ids = [0, 3, 4, 6, 8, 9];
    let request = Request { rows: vec![Rows { tokens: path(&ids), from: 1 }], ..Request::default() };
    let mut places = Vec::new();
    let (mut last, mut most) = (0, 0);
    let mut evaluator = model.remote_evaluator();
    evaluator
        .evaluate(
            &request,
            &mut |progress| {
                assert!(progress.done >= last);
                (last, most) = (progress.done, progress.total);
                true
            },
            &mut |id, row| {
                agrees(&(row.logits.to_vec(), row.tail), &ids[..=id.position], WORDS.len());
                places.push(id.position);
            },
        )
        .expect("rows");
    assert_eq!(places, [1, 2, 3, 4, 5]);
}

#[test]
fn requests_are_neutral_and_ask_for_the_cache() {
    let server = Server::new(model::llama_server);
    let model = open(&settings(&server.url())).expect("it opens");
    after(&model, &[&[0, 3]]).expect("a row");
    let body = server.asked().pop().expect("a request").body;
    assert_eq!(
        (&body["n_predict"], &body["cache_prompt"], &body["post_sampling_probs"]),
        (&1.into(), &true.into(), &false.into())
    );
    assert_eq!(body["prompt"], serde_json::json!([0, 3]));
    assert_eq!(body["logit_bias"][0][0], 3, "a token that is plain text is drawn");
}

#[test]
fn the_key_is_sent_and_never_shown() {
    let server = Server::new(|asked| match asked.authorization.as_deref() {
        Some("Bearer s3cret") => model::llama_server(asked),
        _ => Reply::text(401, r#"{"error":{"code":401,"message":"Invalid API Key"}}"#),
    });
    let open = |key: Option<&str>| {
        let key = key.map(str::to_owned);
        let get = move |name: &str| key.clone().filter(|_| name == "LOGITSCOPE_API_KEY");
        RemoteModel::open_with(&settings(&server.url()), patience(), &get, &mut |_| true)
    };
    let model = open(Some("s3cret")).expect("it opens");
    assert!(!format!("{:?}", model.info()).contains("s3cret"));
    let without = open(None).err().expect("a key is wanted").to_string();
    assert!(without.contains("LOGITSCOPE_API_KEY") && without.contains("Invalid API Key"), "{without}");
    let wrong = open(Some("0ther")).err().expect("another key is wanted").to_string();
    assert!(wrong.contains("does not take the key") && !wrong.contains("0ther"), "{wrong}");
}

#[test]
fn a_server_that_loads_its_model_is_waited_for() {
    let server = Server::new(|asked| {
        if asked.path == "/v1/models" && asked.before < 2 {
            return Reply::text(503, r#"{"error":{"message":"Loading model","code":503}}"#);
        }
        model::llama_server(asked)
    });
    assert!(open(&settings(&server.url())).is_ok());
    let waits = Server::new(|_| Reply::text(503, r#"{"error":{"message":"Loading model"}}"#));
    let mut looks = 0;
    let mut proceed = |_| {
        looks += 1;
        looks < 5
    };
    let given_up = RemoteModel::open_with(&settings(&waits.url()), patience(), &|_| None, &mut proceed);
    assert_eq!(given_up.err(), Some(crate::remote::RemoteError::Cancelled));
}
