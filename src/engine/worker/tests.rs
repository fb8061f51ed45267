//! The thread on a script: what it answers, in which order, and what is given up.

use std::{
    path::Path,
    sync::mpsc::{Receiver, Sender},
    time::Duration,
};

use super::*;
use crate::{
    engine::{
        Cost, Evaluator, KvUse, Row, RowId, Rows,
        llama::{CacheLayout, KvLayout, ModelInfo},
        scripted::Scripted,
    },
    gguf,
};

/// After `a` comes `b` with a half and `c` with an eighth; after all else every token is as likely.
fn script() -> Scripted {
    Scripted::new(&["a", "b", "c", "d"], &["d"], 128).rule("a", &[("b", 0.5), ("c", 0.125)])
}

fn ready(script: &Scripted) -> Ready {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/models/storyteller-4.5m-q8_0.gguf");
    let file = gguf::check(&file).expect("the built-in model is valid");
    let info = ModelInfo {
        chat: None,
        title: "script".into(),
        name: "script".into(),
        path: None,
        file: Some(Arc::new(file)),
        server: None,
        device: String::new(),
        kv: KvLayout::default(),
        memory: Vec::new(),
        load_time: Duration::ZERO,
    };
    let (vocabulary, context) = (script.vocabulary(), script.context_size());
    Ready { info, vocabulary, context, layout: CacheLayout::Apart }
}

/// A script that says when it has come to a row, and waits to be let go on.
struct Gated {
    script: Scripted,
    begun: Sender<()>,
    go: Receiver<()>,
}

impl Evaluator for Gated {
    fn context_size(&self) -> usize {
        self.script.context_size()
    }

    fn evaluate(
        &mut self,
        request: &Request,
        proceed: &mut dyn FnMut(Progress) -> bool,
        sink: &mut dyn FnMut(RowId, Row<'_>),
    ) -> Result<Cost, EvaluateError> {
        let mut gate = |progress| {
            self.begun.send(()).expect("somebody waits");
            self.go.recv().expect("somebody lets it go on");
            proceed(progress)
        };
        self.script.evaluate(request, &mut gate, sink)
    }

    fn kv_use(&self) -> KvUse {
        self.script.kv_use()
    }
}

/// What an engine tells. While it is there no other test makes llama.cpp fail.
struct Events {
    told: Receiver<(EngineId, Event)>,
    _working: std::sync::RwLockReadGuard<'static, ()>,
}

impl std::ops::Deref for Events {
    type Target = Receiver<(EngineId, Event)>;

    fn deref(&self) -> &Self::Target {
        &self.told
    }
}

/// A second engine on this source, and what it tells.
fn engine(source: impl Source) -> (Engine, Events) {
    let working = crate::engine::llama::abort::FAILING.read().expect("no test failed with it");
    let (sender, told) = channel();
    let engine = Engine::start(EngineId(1), source, move |id, event| drop(sender.send((id, event))))
        .expect("a thread");
    engine.send(1, Command::Load(Box::default()));
    (engine, Events { told, _working: working })
}

fn next(events: &Events) -> Event {
    let (id, event) = events.recv_timeout(Duration::from_mins(1)).expect("an event");
    assert_eq!(id, EngineId(1), "every event says whose it is");
    event
}

fn scripted() -> (Engine, Events) {
    let (engine, events) = engine(|_: &ModelSettings| {
        let script = script();
        Ok((ready(&script), script))
    });
    assert!(matches!(next(&events), Event::Loaded(_)));
    (engine, events)
}

/// Evaluates the tokens of `text` from position `from` on; what comes of it after the progress.
fn evaluate(engine: &Engine, events: &Events, text: &str, from: usize) -> Event {
    let tokens = script().vocabulary().tokenize(text).into();
    let request = Request { rows: vec![Rows { tokens, from }], ..Request::default() };
    engine.send(2, Command::Evaluate(request));
    loop {
        match next(events) {
            Event::Progress(2, progress) => assert!(progress.done < progress.total),
            event => return event,
        }
    }
}

#[test]
fn rows_from_a_position_on_come_with_how_likely_each_next_token_was() {
    let (engine, events) = scripted();
    let Event::Evaluated(2, evaluated) = evaluate(&engine, &events, "abac", 1) else { panic!("it fits") };
    let rows: Vec<_> = evaluated
        .rows
        .iter()
        .map(|row| {
            let top = row.distribution.as_ref().expect("few rows have distributions").summary.top[0].token.0;
            (row.id.position, top, row.next.map(|next| (next.rank, next.p_raw)))
        })
        .collect();
    // After `b` all are as likely and the first leads; `c` has an eighth after `a`.
    assert_eq!(rows.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(1, 0), (2, 1), (3, 0)]);
    let (rank, p) = rows[1].2.expect("c follows");
    assert!(rank.at_best() > 1 && (p - 0.125).abs() < 1e-6, "{rank} {p}");
    assert_eq!((rows[2].2, evaluated.cost.decoded), (None, 4));
}

#[test]
fn of_many_rows_only_the_last_bring_their_distributions() {
    let (engine, events) = scripted();
    let Event::Evaluated(2, evaluated) = evaluate(&engine, &events, &"a".repeat(100), 0) else {
        panic!("it fits")
    };
    let kept: Vec<_> = evaluated.rows.iter().filter(|row| row.distribution.is_some()).collect();
    assert_eq!((evaluated.rows.len(), kept.len(), kept[0].id.position), (100, 64, 36));
    assert_eq!(evaluated.rows.iter().filter(|row| row.next.is_some()).count(), 99);
}

#[test]
fn what_cannot_be_evaluated_is_said() {
    let (engine, events) = scripted();
    let event = evaluate(&engine, &events, &"a".repeat(129), 0);
    let full = EvaluateError::ContextFull { tokens: 129, context: 128 };
    assert!(matches!(event, Event::EvaluateFailed(2, error) if error == full));
    assert!(matches!(next(&events), Event::Kept(kv) if kv.cells == 0));
    engine.send(3, Command::Tokenize(PromptText { text: "ba".into(), ..PromptText::default() }));
    assert!(matches!(next(&events), Event::Prompt(3, Ok(tokens)) if tokens == [Token(1), Token(0)]));
}

/// An engine on a [`Gated`] script, with what it tells, and the script's other ends.
fn gated() -> (Engine, Events, Receiver<()>, Sender<()>) {
    let ((begun, has_begun), (go, let_go)) = (channel(), channel());
    let mut gates = Some((begun, let_go));
    let (engine, events) = engine(move |_: &ModelSettings| {
        let (begun, go) = gates.take().expect("one model is loaded");
        let script = script();
        Ok((ready(&script), Gated { script, begun, go }))
    });
    assert!(matches!(next(&events), Event::Loaded(_)));
    (engine, events, has_begun, go)
}

/// Sends the evaluations 2, 3 and 4, gives some up while 2 is under way, and says which of them were cancelled.
fn given_up(give_up: impl FnOnce(&Engine)) -> Vec<Ticket> {
    let (engine, events, has_begun, go) = gated();
    let tokens: Arc<[Token]> = Arc::from([Token(0)]);
    for ticket in 2..=4 {
        engine.send(ticket, Command::Evaluate(Request::after([Arc::clone(&tokens)], None)));
    }
    has_begun.recv().expect("it begins");
    give_up(&engine);
    (0..3).for_each(|_| go.send(()).expect("it waits"));
    let mut cancelled = Vec::new();
    let mut ended = 0;
    while ended < 3 {
        match next(&events) {
            Event::Progress(..) | Event::Kept(_) => continue,
            Event::EvaluateFailed(ticket, EvaluateError::Cancelled) => cancelled.push(ticket),
            Event::Evaluated(..) => {}
            event => panic!("{event:?}"),
        }
        ended += 1;
    }
    cancelled
}

#[test]
fn commands_are_given_up_one_by_one() {
    assert!(given_up(|_| {}).is_empty());
    assert_eq!(given_up(|engine| engine.cancel(2)), [2]);
    assert_eq!(given_up(|engine| engine.cancel(3)), [3]);
    let both = |engine: &Engine| [2, 3].into_iter().for_each(|ticket| engine.cancel(ticket));
    assert_eq!(given_up(both), [2, 3]);
    // What was not sent yet is not given up before it comes.
    assert!(given_up(|engine| engine.cancel(5)).is_empty());
}

#[test]
fn a_model_that_cannot_be_opened_or_is_given_up_leaves_none() {
    let mut answers = vec![OpenError::Cancelled, OpenError::Failed("no such script".into())];
    let source = move |_: &ModelSettings| Err::<(Ready, Scripted), _>(answers.pop().expect("two are loaded"));
    let (engine, events) = engine(source);
    assert!(matches!(next(&events), Event::LoadFailed { why, kept: false } if why == "no such script"));
    engine.send(2, Command::Load(Box::default()));
    assert!(matches!(next(&events), Event::LoadCancelled));
}

/// What is told next but progress and what is kept.
fn answer(events: &Events) -> Event {
    std::iter::repeat_with(|| next(events))
        .find(|event| !matches!(event, Event::Progress(..) | Event::Kept(_)))
        .expect("endless")
}

#[test]
fn what_was_given_up_goes_on_where_it_was_when_the_same_is_asked_for_again() {
    let (engine, events, has_begun, go) = gated();
    let tokens: Arc<[Token]> = script().vocabulary().tokenize(&"ab".repeat(20)).into();
    let request = |from: usize| {
        let rows = vec![Rows { tokens: Arc::clone(&tokens), from }];
        Command::Evaluate(Request { rows, ..Request::default() })
    };
    let begin = |ticket| {
        engine.send(ticket, request(0));
        for _ in 0..5 {
            has_begun.recv().expect("a row");
            go.send(()).expect("it waits");
        }
        has_begun.recv().expect("the sixth row");
        engine.cancel(ticket);
        go.send(()).expect("it waits");
        let told = answer(&events);
        assert!(matches!(told, Event::EvaluateFailed(of, EvaluateError::Cancelled) if of == ticket));
    };
    begin(2);
    engine.send(3, Command::Tokenize(PromptText { text: "c".into(), ..PromptText::default() }));
    assert!(matches!(next(&events), Event::Prompt(3, Ok(_))), "it is answered meanwhile");
    engine.send(4, request(0));
    for _ in 6..40 {
        has_begun.recv().expect("a row");
        go.send(()).expect("it waits");
    }
    let Event::Evaluated(4, evaluated) = answer(&events) else { panic!("it goes on") };
    assert_eq!(evaluated.rows.len(), 40, "no row is lost");
    assert!(has_begun.try_recv().is_err(), "and none was evaluated again");
    // Something else ends it, and is done.
    begin(5);
    engine.send(6, request(39));
    has_begun.recv().expect("the one row");
    go.send(()).expect("it waits");
    let Event::Evaluated(6, evaluated) = answer(&events) else { panic!("it is evaluated") };
    assert_eq!(evaluated.rows.len(), 1);
}

#[test]
fn what_began_on_an_empty_cache_goes_on_there_and_nothing_else_does() {
    for (first, again, goes_on) in [(true, true, true), (true, false, true), (false, true, false)] {
        let (engine, events, has_begun, go) = gated();
        let tokens: Arc<[Token]> = script().vocabulary().tokenize(&"ab".repeat(4)).into();
        let request = |fresh| {
            let rows = vec![Rows { tokens: Arc::clone(&tokens), from: 0 }];
            Command::Evaluate(Request { rows, fresh, ..Request::default() })
        };
        engine.send(2, request(first));
        for _ in 0..3 {
            has_begun.recv().expect("a row");
            go.send(()).expect("it waits");
        }
        has_begun.recv().expect("the fourth row");
        engine.cancel(2);
        go.send(()).expect("it waits");
        assert!(matches!(answer(&events), Event::EvaluateFailed(2, EvaluateError::Cancelled)));
        engine.send(3, request(again));
        let left = if goes_on { 4 } else { 8 };
        for _ in 0..left {
            has_begun.recv().expect("a row");
            go.send(()).expect("it waits");
        }
        assert!(matches!(answer(&events), Event::Evaluated(3, _)), "{first}, then {again}");
        assert!(has_begun.try_recv().is_err(), "{first}, then {again}");
    }
}

#[test]
fn what_a_given_up_reading_left_in_the_cache_is_told() {
    let (engine, events, has_begun, go) = gated();
    let tokens: Arc<[Token]> = script().vocabulary().tokenize("ab").into();
    engine.send(2, Command::Evaluate(Request::after([Arc::clone(&tokens)], None)));
    has_begun.recv().expect("a row");
    go.send(()).expect("it waits");
    assert!(matches!(answer(&events), Event::Evaluated(2, _)));
    engine.send(3, Command::Evaluate(Request::after([Arc::from([Token(0)])], None)));
    has_begun.recv().expect("a row");
    engine.cancel(3);
    go.send(()).expect("it waits");
    assert!(matches!(answer(&events), Event::EvaluateFailed(3, EvaluateError::Cancelled)));
    // Something else ends it.
    engine.send(4, Command::Evaluate(Request::after([tokens], None)));
    assert!(matches!(next(&events), Event::Kept(kv) if kv.cells == 2));
}
