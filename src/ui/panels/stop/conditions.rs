//! Every stop condition in a row: how near it is, or, where it is off, where it would have ended generation.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::{
    app::State,
    decode::{Extreme, Hindsight, Limits, Repetition, Session, StopReason},
    distribution::Bounds,
    text::Shown,
    theme::Marks,
    ui::{
        format::seconds,
        numbers::{self, probability, ranked, share, thousands},
        rows::fitting,
        step_label,
        widgets::elide,
    },
};

/// Cells of the column of labels.
pub(in crate::ui) const LABEL: usize = 10;

/// The label of the likeliest token's probability.
const LIKELIEST: &str = "likeliest";

/// A condition: how near it is, in words and, where it is measured in amounts, as a part of its limit.
pub(in crate::ui) struct Condition {
    pub label: &'static str,
    pub text: String,
    pub style: Style,
    pub part: Option<f64>,
}

/// The conditions that are on, in the order in which they are checked, and what there is to be warned of: loops, and end
/// tokens that were drawn and ignored. Told in rows of `width` cells, in `rows` of them if that can be.
pub(in crate::ui) fn conditions(
    state: &State,
    session: &Session,
    width: usize,
    rows: usize,
) -> Vec<Condition> {
    let room = width.saturating_sub(LABEL);
    let others = stop_texts(state, session, room).into_iter().chain(amounts(state, session, room));
    let others: Vec<_> =
        others.chain(of_text(state, session, room)).chain(of_distribution(state, session, room)).collect();
    let mut all = end_token(state, session, room, others.len() + 2 <= rows);
    all.extend(others);
    all.extend(warnings(state, session, room));
    all
}

fn plain(state: &State, label: &'static str, text: String, part: Option<f64>) -> Condition {
    Condition { label, text, style: state.theme().text(), part }
}

fn part(used: f64, limit: f64) -> f64 {
    if limit > 0.0 { used / limit } else { 1.0 }
}

/// `12 of 128`, as a part of it.
fn counted(state: &State, label: &'static str, used: usize, limit: usize) -> Condition {
    let text = format!("{} of {}", thousands(used), thousands(limit));
    plain(state, label, text, Some(part(used as f64, limit as f64)))
}

/// The context; with a warning where it is longer than the one that the model was trained on.
fn context(state: &State, session: &Session, room: usize) -> Condition {
    let told = counted(state, "context", session.path().tokens().len(), session.context());
    let Some(trained) = trained_on_less(state) else { return told };
    let (warning, count) = (Marks::WARNING, thousands(trained));
    let wordings = [
        format!("{}  {warning} the model was trained on {count}", told.text),
        format!("{}  {warning} trained on {count}", told.text),
        format!("{} {warning} {count}", told.text),
    ];
    Condition { text: fitting(&wordings, room).to_owned(), style: state.theme().warning(), ..told }
}

/// The context that the model was trained on, where the one that is set is longer.
pub(in crate::ui) fn trained_on_less(state: &State) -> Option<usize> {
    let ready = state.ready()?;
    let trained = ready.info.trained_context();
    (trained > 0 && ready.context > trained).then_some(trained)
}

/// Tokens, context, time.
fn amounts(state: &State, session: &Session, room: usize) -> Vec<Condition> {
    let (rules, path) = (session.rules(), session.path());
    let mut all = vec![match rules.max_tokens {
        Some(limit) => counted(state, "tokens", path.generated(), limit),
        None => plain(state, "tokens", format!("{}, no limit", thousands(path.generated())), None),
    }];
    all.push(context(state, session, room));
    if let Some(limit) = rules.max_time {
        let text = format!("{} of {}", seconds(session.spent()), seconds(limit));
        let fraction = part(session.spent().as_secs_f64(), limit.as_secs_f64());
        all.push(plain(state, "time", text, Some(fraction)));
    }
    all
}

/// Expressions, sentences, lines and loop, those that are on.
fn of_text(state: &State, session: &Session, room: usize) -> Vec<Condition> {
    let (rules, path) = (session.rules(), session.path());
    let text = path.text();
    let mut all: Vec<Condition> = rules
        .patterns
        .iter()
        .map(|pattern| {
            let met = matches!(session.stopped(), Some(StopReason::Pattern { source, .. }) if source == pattern.source());
            let shown = Shown::inline(pattern.source());
            let met = if met { "matched" } else { "no match" };
            let source = elide(shown.as_str(), room.saturating_sub(met.width() + 2));
            plain(state, "regex", format!("{source}  {met}"), None)
        })
        .collect();
    all.extend(rules.sentences.map(|limit| counted(state, "sentences", text.sentences().len(), limit)));
    all.extend(rules.lines.map(|limit| counted(state, "lines", text.lines().len(), limit)));
    all.extend(rules.loops.stop_at.map(|limit| {
        let Some(run) = path.loops().at_end() else {
            let earlier = path.loops().found().last();
            let text =
                earlier.map_or_else(|| "none".to_owned(), |run| format!("{} times", thousands(run.times())));
            return plain(state, "loop", format!("{text}, stops at {limit}"), None);
        };
        let unit = rules.loops.unit(run.period);
        let times = run.tokens() / unit;
        let wordings = [format!("{}, {times} of {limit} times", tokens(unit)), format!("{times} of {limit}")];
        let text = fitting(&wordings, room).to_owned();
        let near = Some(part(times as f64, limit as f64));
        Condition { label: "loop", text, style: state.theme().warning(), part: near }
    }));
    all
}

/// Limits of a distribution, those that are on, against that of the step on view.
fn of_distribution(state: &State, session: &Session, room: usize) -> Vec<Condition> {
    let (rules, view) = (session.rules(), state.frame());
    let known = view.node.is_some();
    let likeliest =
        view.candidates.ranked().first().map(|row| Bounds::exactly(view.candidates.probability(row)));
    let row = |label, limits: Limits, value: Option<Bounds>, text: fn(Bounds) -> String| {
        let bounds = [("above", limits.above), ("below", limits.below)];
        let bounds: Vec<_> =
            bounds.iter().filter_map(|(side, limit)| Some(format!("stops {side} {}", (*limit)?))).collect();
        let now = value.map_or_else(|| unknown(state).to_owned(), text);
        let step = step_label::suffix(state);
        let bounds_text = bounds.join(", ");
        let wordings = [format!("{now}, {bounds_text}{step}"), format!("{now}{step}"), now];
        let text = fitting(&wordings, room).to_owned();
        let near = limits.above.zip(value).map(|(limit, value)| part(value.low, limit).min(1.0));
        (!bounds.is_empty()).then(|| plain(state, label, text, near))
    };
    let entropy = known.then_some(view.entropy_bits);
    let entropy = row("entropy", rules.entropy, entropy, |bits| format!("{} bits", numbers::entropy(bits)));
    let likeliest = row(LIKELIEST, rules.top_probability, likeliest.filter(|_| known), share);
    entropy.into_iter().chain(likeliest).collect()
}

/// In place of a number of the step on view that is not known.
fn unknown(state: &State) -> &'static str {
    if step_label::waits(state) { "waiting for the model" } else { "not known here" }
}

fn said(label: &'static str, wordings: &[String], room: usize, style: Style) -> Condition {
    Condition { label, text: fitting(wordings, room).to_owned(), style, part: None }
}

/// Loops that end nothing, and end tokens that ended nothing because they are banned.
fn warnings(state: &State, session: &Session, room: usize) -> Vec<Condition> {
    let (rules, path) = (session.rules(), session.path());
    let place = |token: usize| thousands(path.prompt_len() + token + 1);
    let theme = state.theme();
    let mut all = Vec::new();
    if let Some(run) = path.loops().found().last().filter(|_| rules.loops.stop_at.is_none()) {
        let style = if path.loops().at_end().is_some() { theme.warning() } else { theme.text() };
        all.push(said("loop", &looped(run, path.loops().at_end(), &place), room, style));
    }
    if let Some(wordings) = ignored(session).filter(|_| !state.sampling().ignore_eos) {
        all.push(said("end token", &wordings, room, theme.warning()));
    }
    all
}

/// Where the other conditions that are off would have ended generation, told in rows of `width` cells.
pub(in crate::ui) fn hindsight(state: &State, session: &Session, width: usize) -> Vec<Condition> {
    let room = width.saturating_sub(LABEL);
    let (rules, path) = (session.rules(), session.path());
    let text = path.text();
    let place = |token: usize| thousands(path.prompt_len() + token + 1);
    let theme = state.theme();
    let mut all = Vec::new();
    for (label, ends, on) in [
        ("sentences", text.sentences(), rules.sentences.is_some()),
        ("lines", text.lines(), rules.lines.is_some()),
    ] {
        let Some(last) = ends.last().filter(|_| !on) else { continue };
        let (count, at) = (thousands(ends.len()), place(text.token_at(last.known - 1)));
        let wordings = [
            format!("a stop of {count} would have ended it at token {at}"),
            format!("{count} by token {at}"),
        ];
        all.push(said(label, &wordings, room, theme.key_label()));
    }
    let extremes = [
        ("entropy", Hindsight::entropy(path), rules.entropy),
        (LIKELIEST, Hindsight::top_probability(path), rules.top_probability),
    ];
    for (label, range, limits) in extremes {
        // One number is no range.
        let Some(range) = range.filter(|[low, high]| {
            limits == Limits::default() && low.token != high.token && low.value <= high.value
        }) else {
            continue;
        };
        all.push(said(label, &ranged(label, range, &place), room, theme.key_label()));
    }
    all
}

/// Where an end token was drawn but for the ban on end tokens; None where it was not.
fn ignored(session: &Session) -> Option<[String; 3]> {
    let path = session.path();
    let (first, more) = path.ignored_ends().split_first()?;
    let at = thousands(path.prompt_len() + first + 1);
    let more = if more.is_empty() { String::new() } else { format!(", {} more", thousands(more.len())) };
    Some([
        format!("was drawn at token {at} and ignored{more}"),
        format!("ignored at token {at}{more}"),
        format!("ignored at {at}"),
    ])
}

/// `6 tokens, 3 times, from token 12 on`
fn looped(run: &Repetition, at_end: Option<&Repetition>, place: &impl Fn(usize) -> String) -> [String; 2] {
    let run = at_end.unwrap_or(run);
    let text = format!("{}, {} times", tokens(run.period), thousands(run.times()));
    let from = format!("{text}, from token {}", place(run.start));
    [if at_end.is_some() { from } else { format!("{from} to {}", place(run.end - 1)) }, text]
}

/// The lowest and the highest number so far: a limit beyond either would not have ended anything.
fn ranged(label: &str, [low, high]: [Extreme; 2], place: &impl Fn(usize) -> String) -> [String; 2] {
    let number = |extreme: Extreme| match label {
        "entropy" => format!("{:.2}", extreme.value),
        _ => probability(extreme.value),
    };
    let (low_number, high_number) = (number(low), number(high));
    [
        format!("{low_number} (token {}) to {high_number} (token {})", place(low.token), place(high.token)),
        format!("{low_number} to {high_number}"),
    ]
}

fn tokens(count: usize) -> String {
    if count == 1 { "1 token".to_owned() } else { format!("{} tokens", thousands(count)) }
}

/// The likeliest end token: how far it is from being chosen. On a row of its own where the name
/// leaves too little room, if rows are to be had.
fn end_token(state: &State, session: &Session, room: usize, spare_row: bool) -> Vec<Condition> {
    let theme = state.theme();
    let said =
        |text: &str, style| vec![Condition { label: "end token", text: text.to_owned(), style, part: None }];
    if session.vocabulary().eog().is_empty() {
        return said("this model has none", theme.text());
    }
    if state.sampling().ignore_eos {
        let banned = "banned: it cannot be drawn".to_owned();
        let wordings = ignored(session).map_or_else(|| vec![banned], Vec::from);
        return said(fitting(&wordings, room), theme.warning());
    }
    let Some((token, rank, p)) = state.frame().eog else {
        let (why, step) = (unknown(state), step_label::suffix(state));
        let wordings = [format!("{why}{step}"), format!("waiting{step}"), "waiting".to_owned()];
        let known = if step_label::waits(state) { wordings.len() } else { 1 };
        return said(fitting(&wordings[..known], room), theme.dim());
    };
    let name = elide(Shown::bytes(session.vocabulary().piece(token)).as_str(), room.max(1));
    // The other figures are of the newest token; this one is of the step on view.
    let step = step_label::suffix(state);
    let near = format!("rank {}  p {}{step}", ranked(rank), share(p));
    let wordings = [format!("{name}  {near}"), format!("{name} {}", near.replace("  ", " "))];
    let fits = |text: &String| text.width() <= room;
    if !wordings.iter().any(fits) && spare_row {
        let mut rows = said(&name, theme.text());
        let shorter = [near, format!("p {}{step}", share(p)), format!("{}{step}", share(p))];
        let near = fitting(&shorter, room).to_owned();
        rows.push(Condition { label: "", text: near, style: theme.text(), part: None });
        return rows;
    }
    let [roomy, tight] = wordings;
    let shortest = format!("{}{step}", share(p));
    let short = format!("p {}{step}", share(p));
    said(fitting(&[roomy, tight, near, short, shortest], room), theme.text())
}

/// The stop texts, the one that is matched furthest first.
fn stop_texts(state: &State, session: &Session, room: usize) -> Vec<Condition> {
    let running = session.stopped().is_none();
    let mut stops: Vec<(&str, usize)> = session
        .rules()
        .matched(session.path().text())
        .map(|(stop, bytes)| (stop, if running { bytes } else { 0 }))
        .collect();
    stops.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    stops
        .into_iter()
        .map(|(stop, bytes)| {
            let quoted = format!("{stop:?}");
            let numbers = format!(" {bytes} of {}", stop.len()).width();
            let quoted = elide(Shown::inline(&quoted).as_str(), room.saturating_sub(numbers).max(4));
            let wordings = [
                format!("{quoted}  matched {bytes} of {}", stop.len()),
                format!("{quoted} {bytes} of {}", stop.len()),
                format!("{bytes}/{} {quoted}", stop.len()),
            ];
            let style = if bytes > 0 { state.theme().warning() } else { state.theme().text() };
            Condition { label: "stop text", text: fitting(&wordings, room).to_owned(), style, part: None }
        })
        .collect()
}
