//! What of a lane is told in words and numbers: its settings, where it parts, sums over its text.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_width::UnicodeWidthStr;

use crate::{
    app::{LaneView, State, StopRow},
    decode::lanes::{Choice, Lane, Seeds, Verdict},
    settings::StopSettings,
    text::Shown,
    theme::Marks,
    token::Token,
    ui::{
        numbers::{minus, probability, thousands},
        rows::fitting,
        widgets::elide,
    },
};

/// Seeds of a lane that are named.
const MOST_SEEDS: usize = 3;
/// Cells of a lane's own prompt, as much of it as tells it from others.
const PROMPT: usize = 22;
const SHORT_PROMPT: usize = 12;

/// The lane's number, its name, and a mark where its prompt is its own.
pub(super) fn title(state: &State, lane: usize) -> String {
    let name = name(state, lane);
    let name = if name.is_empty() { name } else { format!(" {name}") };
    format!("{}{name}{}", lane + 1, own_mark(state, lane))
}

/// The lane's number, and a mark where its prompt is its own.
pub(super) fn number(state: &State, lane: usize) -> String {
    format!("{}{}", lane + 1, own_mark(state, lane))
}

/// What the lane is called: the preset whose settings it has, else what it was made as.
pub(super) fn name(state: &State, lane: usize) -> String {
    let preset = state.compare().preset_of(lane).and_then(|preset| state.presets().get(preset));
    let own_name = || state.compare().lanes().get(lane).map_or("", Lane::name);
    Shown::inline(preset.map_or_else(own_name, |preset| preset.name.as_str())).as_str().to_owned()
}

fn own_mark(state: &State, lane: usize) -> String {
    let own = state.compare().own(lane).is_some_and(|own| own.prompt.is_some());
    if own { format!(" {}", Marks::OWN_PROMPT) } else { String::new() }
}

/// Whether keys move this lane and no other.
pub(super) fn is_alone(state: &State, lane: usize) -> bool {
    state.compare().alone() && lane == state.compare().focus()
}

/// What the lane has of its own: the beginning of its prompt, and its stop conditions.
fn own(state: &State, lane: usize, short: bool) -> Vec<String> {
    let Some(own) = state.compare().own(lane) else { return Vec::new() };
    let width = if short { SHORT_PROMPT } else { PROMPT };
    let prompt = own.prompt.as_ref().map(|prompt| {
        let text = elide(Shown::inline(&prompt.text).as_str(), width);
        if short { format!("{} {text}", Marks::OWN_PROMPT) } else { format!("prompt “{text}”") }
    });
    let shared = state.stops_of(None);
    let stop = own.stop.iter().flat_map(|stop| {
        let differs =
            |row: &&StopRow| row.limit(stop) != row.limit(shared) || row.texts(stop) != row.texts(shared);
        StopRow::ALL.iter().filter(differs).map(|row| stop_condition(*row, stop))
    });
    prompt.into_iter().chain(stop).collect()
}

/// A stop condition in a few words: `stops after 64 tokens`.
fn stop_condition(row: StopRow, stop: &StopSettings) -> String {
    let name = row.name();
    let short = |text: &str| elide(Shown::inline(text).as_str(), SHORT_PROMPT);
    let limit = row.limit(stop);
    match (row, limit.unwrap_or_default(), &row.texts(stop)[..]) {
        (StopRow::Text, _, [text]) => format!("stops at “{}”", short(text)),
        (StopRow::Regex, _, [source]) => format!("stops at /{}/", short(source)),
        (StopRow::Text | StopRow::Regex, ..) => format!("no {name}"),
        _ if limit.is_none() => format!("no {name} limit"),
        (StopRow::Loop, times, _) => format!("stops at {} repeats", thousands(times as usize)),
        (StopRow::Time, limit, _) => format!("stops after {limit} s"),
        (StopRow::Tokens | StopRow::Sentences | StopRow::Lines, 1.0, _) => {
            format!("stops after 1 {}", name.trim_end_matches('s'))
        }
        (StopRow::Tokens | StopRow::Sentences | StopRow::Lines, limit, _) => {
            format!("stops after {} {name}", thousands(limit as usize))
        }
        (_, limit, _) => format!("stops if {name} {limit}"),
    }
}

/// The settings in which the lanes differ, as this lane has them: `temperature 1.5`, or, in `short`, `temp 1.5`; the seeds that
/// its text was drawn with, where they are not the same in all; and what it has of its own.
pub(super) fn settings(state: &State, lane: usize, short: bool) -> Vec<String> {
    let differing = state.compare().differing().iter().filter(|setting| setting.field != "seed");
    let told = |setting: &crate::decode::lanes::Differing| {
        let value = setting.values.get(lane).map_or("", String::as_str);
        let name = match setting.field {
            "temperature" if short => "temp".to_owned(),
            "repeat_penalty" => "repeat".to_owned(),
            field => field.replace('_', "-"),
        };
        Shown::inline(&format!("{name} {value}")).into_owned().to_string()
    };
    own(state, lane, short).into_iter().chain(differing.map(told)).chain(seeds(state, lane)).collect()
}

/// The seeds of a lane: those that its text was drawn with, and that of its next token where it is another one. None where
/// they are the same in all lanes.
fn seeds(state: &State, lane: usize) -> Option<String> {
    let of: Vec<String> = state.compare().lanes().iter().map(seeds_of).collect();
    let own = of.get(lane)?;
    of.iter().any(|other| other != own).then(|| own.clone())
}

/// `seed 42`; `seed 42, next 43`; of a text that was drawn with several `seeds 42, 43`.
fn seeds_of(lane: &Lane) -> String {
    let drawn = lane.cursor().path().seeds();
    let next = lane.cursor().settings().seed.filter(|_| lane.cursor().stopped().is_none());
    let named: Vec<String> = drawn.iter().take(MOST_SEEDS).map(u32::to_string).collect();
    let more = if drawn.len() > MOST_SEEDS { " …" } else { "" };
    let s = if named.len() == 1 { "" } else { "s" };
    match (next.filter(|next| drawn.last() != Some(next)), &named[..]) {
        (None, []) => "no seed".to_owned(),
        (Some(next), []) => format!("seed {next}"),
        (None, named) => format!("seed{s} {}{more}", named.join(", ")),
        (Some(next), named) => format!("seed{s} {}{more}, next {next}", named.join(", ")),
    }
}

/// Where the lanes' random numbers come from, from the fullest wording to the shortest.
pub(super) fn numbers_from(state: &State) -> [String; 3] {
    match state.compare().seeds() {
        Seeds::Same => ["same random numbers in all lanes", "same random numbers", "same u"],
        Seeds::Own => ["each lane has its own seed", "own seeds", "own u"],
    }
    .map(str::to_owned)
}

/// What the lanes cost, from the fullest wording to the shortest.
pub(super) fn passes(state: &State) -> [String; 2] {
    let (paid, shared) = state.compare().passes();
    let (paid, tokens) = (thousands(paid), thousands(paid + shared));
    [format!("{paid} evaluations for {tokens} tokens"), format!("{paid} of {tokens} evaluated")]
}

/// What a lane does or why it ended.
pub(super) fn status(state: &State, index: usize, lane: &Lane) -> (String, Style) {
    let theme = state.theme();
    let waits = state.compare().alone() && index != state.compare().focus();
    match lane.cursor().stopped() {
        Some(reason) => (format!("{} {}", Marks::STOPPED, reason.headline()), theme.stop_reason()),
        None if waits => ("waiting".to_owned(), theme.dim()),
        None if state.play().playing() => ("running".to_owned(), theme.good()),
        None => ("paused".to_owned(), theme.key_label()),
    }
}

/// Where the lane leaves the first one on its prompt, in words that fit: what it chose instead, with both probabilities.
pub(super) fn parting<'a>(state: &State, lane: usize, width: usize) -> Vec<Line<'a>> {
    let theme = state.theme();
    let Some(view) = state.compare().view(lane) else { return Vec::new() };
    let Some(reference) = view.reference else {
        let alone = Line::styled("different prompt from lane 1", theme.dim());
        return if lane == 0 { Vec::new() } else { vec![alone] };
    };
    let Some(parts) = view.parts else { return Vec::new() };
    let (reference, at) = (reference + 1, thousands(parts.index + 1));
    let head = [
        format!(" diverges from lane {reference} at token {at}"),
        format!(" diverges from {reference} at {at}"),
        format!(" diverges at {at}"),
    ];
    let head = fitting(&head, width.saturating_sub(1)).to_owned();
    let p = |choice: &Choice| format!(" {} → {}", probability(choice.p_raw), probability(choice.p_final));
    let token = |choice: &Choice| shown(state, lane, parts.index, choice.token);
    let (own, other) = (token(&parts.lane), token(&parts.reference));
    let (own_p, other_p) = (p(&parts.lane), p(&parts.reference));
    let own = elide(&own, width.saturating_sub(own_p.width()));
    // The numbers stay: shorter words first, and of a long token its beginning.
    let wordings = [
        ("instead of ", format!(" (lane {reference})")),
        ("instead of ", String::new()),
        ("not ", String::new()),
        ("", String::new()),
    ];
    let room = |(before, after): &(&str, String)| {
        width.saturating_sub(before.width() + after.width() + other_p.width())
    };
    let wording = wordings.iter().find(|wording| other.width() <= room(wording)).unwrap_or(&wordings[2]);
    let other = elide(&other, room(wording));
    vec![
        Line::from(vec![Span::styled(Marks::PARTS, theme.pointer()), Span::styled(head, theme.dim())]),
        Line::from(vec![Span::styled(own, theme.strong()), Span::styled(own_p, theme.text())]),
        Line::from(vec![
            Span::styled(wording.0, theme.dim()),
            Span::styled(format!("{other}{}", wording.1), theme.text()),
            Span::styled(other_p, theme.text()),
        ]),
    ]
}

/// The loop in the lane's text: where it begins, how many tokens are repeated and how often.
pub(super) fn looped<'a>(state: &State, lane: usize, width: usize) -> Vec<Line<'a>> {
    let theme = state.theme();
    let Some(found) = state.compare().view(lane).and_then(|view| view.looped) else { return Vec::new() };
    let [from, times, period] = [found.start + 1, found.times(), found.period].map(thousands);
    let tokens = if found.period == 1 { "token" } else { "tokens" };
    let wordings = [
        format!(" loops from token {from}: {times} × {period} {tokens}"),
        format!(" loop at {from}: {times} × {period} {tokens}"),
        format!(" loop at {from}"),
    ];
    let told = fitting(&wordings, width.saturating_sub(1)).to_owned();
    vec![Line::from(vec![Span::styled(Marks::LOOP, theme.warning()), Span::styled(told, theme.text())])]
}

/// What the lane's changed settings would have said, in one or two lines.
pub(super) fn what_if<'a>(state: &State, lane: usize, width: usize) -> Vec<Line<'a>> {
    let theme = state.theme();
    let Some(what_if) = state.compare().what_if().filter(|what_if| what_if.lane() == lane) else {
        return Vec::new();
    };
    let said = |wordings: &[String]| Line::styled(fitting(wordings, width).to_owned(), theme.warning());
    match what_if.verdict() {
        Verdict::Walking(tokens) => {
            let tokens =
                if tokens == 1 { "1 token".to_owned() } else { format!("{} tokens", thousands(tokens)) };
            vec![said(&[format!("new settings: same for {tokens}…"), format!("same for {tokens}…")])]
        }
        Verdict::Same => {
            vec![said(&["new settings: same text so far", "same text so far"].map(str::to_owned))]
        }
        Verdict::Unnamed { index } => {
            let at = thousands(index + 1);
            vec![said(&[
                format!("new settings: their draw at token {at} lands on one that was not named"),
                format!("token {at} would be one not named"),
            ])]
        }
        Verdict::Leaves { index, path, instead } => {
            let token = |choice: &Choice| {
                format!("{} {}", shown(state, lane, index, choice.token), probability(choice.p_final))
            };
            let (mark, at) = (Marks::WOULD_BE_DRAWN, thousands(index + 1));
            let head = [
                format!("{mark} new settings diverge at token {at}"),
                format!("{mark} would diverge at token {at}"),
                format!("{mark} diverges at {at}"),
            ];
            let (instead, path) = (token(&instead), token(&path));
            let choice = [format!("{instead} instead of {path}"), format!("{instead}, not {path}"), instead];
            vec![said(&head), Line::styled(fitting(&choice, width).to_owned(), theme.text())]
        }
    }
}

/// The sums over a lane's text, a label and a value each, the most telling first.
pub(super) fn sums(lane: &Lane, view: &LaneView) -> Vec<(&'static str, String)> {
    let sums = &view.statistics;
    let generated = sums.tokens > 0;
    let or_none = |text: String| if generated { text } else { "–".to_owned() };
    // A text shorter than n has none of n tokens.
    let distinct = |n: usize| match sums.tokens {
        tokens if tokens < n => "–".to_owned(),
        _ => probability(sums.distinct[n - 1]),
    };
    vec![
        ("tokens", thousands(sums.tokens)),
        ("ln P", or_none(minus(&format!("{:.1}", sums.log_probability)))),
        ("entropy", or_none(format!("{:.2}", sums.mean_entropy_bits))),
        ("perplexity", or_none(perplexity(sums.perplexity))),
        ("distinct-2", distinct(2)),
        ("repeated", or_none(format!("{:.0} %", 100.0 * sums.repetition))),
        ("evaluated", format!("{} own", thousands(lane.paid()))),
        ("shared", thousands(lane.shared())),
        ("distinct-1", distinct(1)),
        ("distinct-3", distinct(3)),
        (
            "loop",
            or_none(view.looped.map_or("none".to_owned(), |run| format!("at {}", thousands(run.start + 1)))),
        ),
    ]
}

fn perplexity(perplexity: f64) -> String {
    if perplexity.is_nan() {
        return "?".to_owned();
    }
    if perplexity < 1000.0 { format!("{perplexity:.1}") } else { thousands(perplexity.min(1e15) as usize) }
}

/// A token as it is shown in a lane's text after so many generated tokens.
pub(super) fn shown(state: &State, lane: usize, index: usize, token: Token) -> String {
    let compare = state.compare();
    let (Some(lane), Some(transcript)) = (compare.lanes().get(lane), compare.transcript(lane)) else {
        return String::new();
    };
    let cursor = lane.cursor();
    transcript.peek(cursor.path().prompt_len() + index, token, cursor.vocabulary()).to_string()
}
