//! The server that the model runs on, in place of the KV cache, which is its own affair.
//!
//! ```text
//! ╭ KV cache ⁱ ────── 17 of 4,096 tokens ╮
//! │ server    llama-server at host:8080  │
//! │ step      12.3 ms  81 tok/s  ▂▂▃▂▂▁  │
//! │ of that   10.1 ms model, 2.2 ms way  │
//! │ asked     100 of 49,152, 4 at a time │
//! │ reused    16 of 17 tokens            │
//! ╰ found out in 240 ms ─────────────────╯
//! ```

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line, widgets::Widget};

use super::cache::{LABEL, Row, column_width, decode_text, draw_labelled, places};
use crate::{
    app::{PanelId, State},
    engine::{Cost, ServerInfo, worker::Ready},
    text::Shown,
    ui::{format::milliseconds, frame, numbers::thousands, rows::fitting, widgets::Panel},
};

pub(super) fn draw(state: &State, ready: &Ready, server: &ServerInfo, area: Rect, buf: &mut Buffer) {
    let inner = frame::inner(area);
    let framed = super::frame_with_draw(state, PanelId::Cache);
    let found = format!("opened in {}", milliseconds(ready.info.load_time.as_secs_f64() * 1e3));
    let mut panel = Panel {
        top_right: Line::styled(tokens_text(state, ready, inner.width.into()), state.theme().strong()),
        ..framed
    };
    if panel.bottom_left.width() == 0 {
        panel.bottom_left = Line::styled(found, state.theme().key_label());
    }
    (&panel).render(area, buf);
    if inner.is_empty() {
        return;
    }
    let rows = rows(state, ready, server, column_width(inner).into());
    // Without the gauge there is one more row.
    let whole = Rect { y: inner.y.saturating_sub(1), height: inner.height + 1, ..inner };
    for (row, place) in rows.iter().zip(places(rows.len(), whole)) {
        draw_labelled(state, row, place, buf);
    }
}

/// How long the path on view is, of what the server takes.
fn tokens_text(state: &State, ready: &Ready, width: usize) -> String {
    let used = state.session().map_or(0, |session| session.path().tokens().len());
    let (used, all) = (thousands(used), thousands(ready.context));
    let wordings = [format!("{used} of {all} tokens"), format!("{used}/{all}")];
    fitting(&wordings, width.saturating_sub(14)).to_owned()
}

/// The rows, the most important first.
fn rows(state: &State, ready: &Ready, server: &ServerInfo, width: usize) -> Vec<Row> {
    let theme = state.theme();
    let room = width.saturating_sub(LABEL);
    let row = |label, wordings: &[String], style: Style| Row {
        label,
        text: fitting(wordings, room).to_owned(),
        style,
    };
    let address = Shown::inline(&server.address);
    let host = address.as_str().split_once("://").map_or(address.as_str(), |(_, host)| host);
    let mut rows = vec![
        row("server", &[format!("{} at {host}", server.kind), host.to_owned()], theme.text()),
        Row { label: super::cache::DECODE, text: decode_text(state, room), style: theme.text() },
    ];
    if let Some(cost) = state.last_cost() {
        rows.push(row("of that", &shares(cost), theme.text()));
    }
    let (asked, all) = (thousands(server.candidates), thousands(ready.vocabulary.len()));
    let parallel = server.parallel;
    let asked = if server.candidates >= ready.vocabulary.len() {
        format!("all {all}")
    } else {
        format!("{asked} of {all}")
    };
    let wordings = [
        format!("{asked} candidates, {parallel} requests at a time"),
        format!("{asked}, {parallel} at a time"),
        asked,
    ];
    rows.push(row("asked", &wordings, theme.text()));
    if let Some(cost) = state.last_cost().filter(|cost| cost.reused > 0) {
        let (reused, whole) = (thousands(cost.reused), thousands(cost.reused + cost.decoded));
        rows.push(row(
            "reused",
            &[format!("{reused} of {whole} tokens, from its cache"), format!("{reused} of {whole}")],
            theme.text(),
        ));
    }
    rows.extend(
        server.notes.iter().map(|note| row("note", &[Shown::inline(note).as_str().to_owned()], theme.dim())),
    );
    rows
}

/// Where the last evaluation's time went.
fn shares(cost: Cost) -> [String; 3] {
    let whole = cost.time.as_secs_f64() * 1e3;
    let Some(model) = cost.on_server.map(|time| time.as_secs_f64() * 1e3) else {
        let time = milliseconds(whole);
        return [
            format!("{time} in all: the server does not say how long its model took"),
            format!("{time} in all"),
            time,
        ];
    };
    let (model, way) = (milliseconds(model.min(whole)), milliseconds((whole - model).max(0.0)));
    [
        format!("{model} in the model, {way} on the way and in the server"),
        format!("{model} model, {way} network"),
        format!("{model} + {way}"),
    ]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn model_and_network_are_told_apart_where_the_server_tells() {
        let cost = Cost { time: Duration::from_millis(12), ..Cost::default() };
        assert!(shares(cost)[0].contains("does not say"));
        let told = shares(Cost { on_server: Some(Duration::from_millis(10)), ..cost });
        assert!(told[0].starts_with("10") && told[0].contains("2.0"), "{told:?}");
        let odd = shares(Cost { on_server: Some(Duration::from_millis(50)), ..cost });
        assert!(
            odd[2].ends_with("+ 0.00 ms") || odd[2].contains("+ 0"),
            "a clock that runs otherwise: {odd:?}"
        );
    }
}
