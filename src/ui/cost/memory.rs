//! Memory: the weights by what they are for, and the KV cache by the length of the text.

use ratatui::text::Span;

use super::lines::{Lines, percent};
use crate::{
    app::State,
    cost::{known, weights::Group},
    settings::CacheType,
    text::{Shown, amounts::short_count},
    ui::{format::bytes, numbers::thousands},
};

/// Lengths of text that are told, beside the one that the model was trained with.
const LENGTHS: [u64; 8] = [1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16, 1 << 17];
/// Cache types that are told.
const TYPES: [CacheType; 3] = [CacheType::F16, CacheType::Q8_0, CacheType::Q4_0];
/// Bits of a weight in `Q4_0`: 32 weights in 18 bytes.
const BITS: f64 = 4.5;

pub(super) fn tell(state: &State, lines: &mut Lines<'_, '_>) {
    kv(state, lines);
    weights(state, lines);
    well_known(state, lines);
}

/// The machine's own memory in bytes.
fn machine(state: &State) -> Option<f64> {
    Some(state.cost().model()?.info.memory.first()?.total as f64)
}

fn kv(state: &State, lines: &mut Lines<'_, '_>) {
    let (Some(shape), Some(model)) = (state.cost().shape(), state.cost().model()) else { return };
    let Some(file) = &model.info.file else { return };
    let theme = lines.theme();
    let kv = &shape.kv;
    let (full, windowed, recurrent) = kv.counts();
    if full + windowed > 0 {
        let size = thousands(kv.first_token(CacheType::F16).round() as usize);
        lines.row(
            "a token",
            &[
                format!("{size} B in f16 = {}", kv.formula(CacheType::F16)),
                format!("{size} B = {}", kv.formula(CacheType::F16)),
            ],
            theme.computed(),
        );
    }
    if windowed > 0 {
        let later = thousands(kv.later_token(CacheType::F16).round() as usize);
        lines.prose(&format!(
            "{windowed} of {} layers look back on a window only: once it is full, a token adds {later} B.",
            full + windowed
        ));
    }
    if recurrent > 0 {
        let size = bytes(kv.bytes(0, CacheType::F16).state);
        lines.prose(&format!("{recurrent} layers keep a state instead, {size} in all, whatever the length."));
    }
    let trained = u64::from(file.context_length);
    let mut lengths: Vec<u64> = LENGTHS.to_vec();
    lengths.push(trained);
    lengths.sort_unstable();
    lengths.dedup();
    let room = machine(state).map(|all| all - file.weights.bytes() as f64);
    let wide = lines.width() >= 44;
    let columns: &[CacheType] = if wide { &TYPES } else { &TYPES[..1] };
    let mut head = vec![Span::styled(format!("{:>9}", "tokens"), theme.key_label())];
    head.extend(columns.iter().map(|cache| Span::styled(format!("{:>10}", cache.name()), theme.key_label())));
    lines.push(head);
    for tokens in lengths {
        let mut spans = vec![Span::styled(format!("{:>9}", thousands(tokens as usize)), theme.dim())];
        for &cache in columns {
            let size = kv.bytes(tokens, cache).total();
            let fits = room.is_none_or(|room| size <= room);
            let style = if fits { theme.computed() } else { theme.warning() };
            spans.push(Span::styled(format!("{:>10}", bytes(size)), style));
        }
        if tokens == trained {
            spans.push(Span::styled(" trained", theme.key_label()));
        } else if room.is_some_and(|room| kv.bytes(tokens, CacheType::F16).total() > room) {
            spans.push(Span::styled(" too much", theme.warning()));
        }
        lines.push(spans);
    }
    for memory in &model.info.memory {
        let name = Shown::inline(&memory.name).as_str().to_owned();
        lines.row(&name, &[format!("{} in this machine", bytes(memory.total as f64))], theme.text());
    }
}

fn weights(state: &State, lines: &mut Lines<'_, '_>) {
    let (Some(shape), Some(model)) = (state.cost().shape(), state.cost().model()) else { return };
    let Some(file) = &model.info.file else { return };
    lines.head("weights by kind of tensor, from the file's header:");
    let style = lines.theme().bar_raw();
    let wide = lines.width() >= 60;
    let stored = |group: &Group| if wide { format!("  {}", group.stored.join(" ")) } else { String::new() };
    let longest = shape.weights.iter().map(|group| stored(group).len()).max().unwrap_or(0);
    for group in &shape.weights {
        let part = group.bytes as f64 / file.size.max(1) as f64;
        let size = bytes(group.bytes as f64);
        let text = format!("{size:>9} {:>6}{:longest$}", percent(part), stored(group));
        lines.bar((group.kind.name(), 17), part, &text, style);
    }
    let rest = file.weights.header + file.weights.padding;
    let part = rest as f64 / file.size.max(1) as f64;
    let style = lines.theme().bar_cut();
    let text = format!("{:>9} {:>6}{:longest$}", bytes(rest as f64), percent(part), "");
    lines.bar(("header, padding", 17), part, &text, style);
    let text = format!("{:>9} {:>6}{:longest$}", bytes(file.size as f64), "", "");
    lines.bar(("the file", 17), 0.0, &text, style);
}

fn well_known(state: &State, lines: &mut Lines<'_, '_>) {
    let theme = lines.theme();
    lines.head("well-known models, computed; weights at 4.5 bits, f16 cache:");
    let wide = lines.width() >= 52;
    let at_8k = if wide { format!("{:>10}", "at 8K") } else { String::new() };
    let head = format!("{:12}{:>10}{at_8k}{:>10}", "", "weights", "at 128K");
    lines.push(vec![Span::styled(head, theme.key_label())]);
    for model in &known::MODELS {
        let (kv, weights) = (model.kv(), model.weights(BITS));
        let at = |tokens| kv.bytes(tokens, CacheType::F16).total();
        let fits = |size: f64| machine(state).is_none_or(|all| size <= all);
        let style = |size| if fits(size) { theme.computed() } else { theme.warning() };
        let mut spans = vec![
            Span::styled(format!("{:12}", model.name), theme.dim()),
            Span::styled(format!("{:>10}", bytes(weights)), style(weights)),
        ];
        if wide {
            spans.push(Span::styled(format!("{:>10}", bytes(at(8192))), style(weights + at(8192))));
        }
        spans.push(Span::styled(format!("{:>10}", bytes(at(131_072))), style(weights + at(131_072))));
        if !fits(weights) && wide {
            spans.push(Span::styled(" too much", theme.warning()));
        } else if !fits(weights + at(131_072)) && wide {
            spans.push(Span::styled(" not 128K", theme.warning()));
        }
        lines.push(spans);
    }
    let parameters: Vec<String> = known::MODELS
        .iter()
        .map(|model| format!("{} {}", model.name, short_count(model.millions * 1_000_000)))
        .collect();
    lines.prose(&format!("Parameters: {}.", parameters.join(", ")));
}
