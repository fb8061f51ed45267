//! What a token costs, as text. Every block says whether it was computed or measured.

use std::io::{self, Write};

use super::Told;
use crate::{
    cost::{
        Costs, Sample,
        known::{self, Known},
        rows, weights,
    },
    settings::CacheType,
    text::{
        Shown,
        amounts::{bytes, milliseconds, short_count, thousands},
    },
};

/// Lengths of text that memory is told for, beside the one that the model was trained with.
pub(super) const LENGTHS: [u64; 8] = [1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16, 1 << 17];
/// Cache types that memory is told for.
pub(super) const TYPES: [CacheType; 3] = [CacheType::F16, CacheType::Q8_0, CacheType::Q4_0];
/// Bits of a weight in `Q4_0`: 32 in 18 bytes.
const BITS_4: f64 = 4.5;
/// Tokens of the growing text that are listed.
const LISTED: usize = 8;

pub(super) fn write(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let info = &told.loaded.info;
    writeln!(out, "model    {}, {}", Shown::inline(&info.title), Shown::inline(&info.device))?;
    weights(told, out)?;
    kv(told, out)?;
    vocabulary(told, out)?;
    well_known(told, out)?;
    let Some(costs) = told.costs else { return Ok(()) };
    if told.interrupted {
        writeln!(out, "\nInterrupted: what follows was measured until then.")?;
    }
    match costs.threads() {
        0 => {}
        1 => writeln!(out, "\nMeasured with 1 thread.")?,
        threads => writeln!(out, "\nMeasured with {threads} threads.")?,
    }
    on_off(costs, out)?;
    depths(costs, out)?;
    batches(costs, out)?;
    types(costs, out)?;
    around(costs, out)?;
    for (subject, why) in costs.failed() {
        writeln!(out, "\nnot measured: {}: {}", subject.title(), Shown::inline(why))?;
    }
    Ok(())
}

fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.1} %", part / whole * 100.0) } else { "–".to_owned() }
}

fn weights(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let file = &told.loaded.file;
    writeln!(out, "\nWeights by kind of tensor (read from the file's header)")?;
    let size = file.size as f64;
    for group in weights::groups(file) {
        writeln!(
            out,
            "  {:<18} {:>10}  {:>7}  {:>7} parameters in {} tensors, {}",
            group.kind.name(),
            bytes(group.bytes as f64),
            percent(group.bytes as f64, size),
            short_count(group.elements),
            thousands(group.tensors),
            group.stored.join(" "),
        )?;
    }
    for (name, part) in [("header", file.weights.header), ("padding", file.weights.padding)] {
        writeln!(out, "  {name:<18} {:>10}  {:>7}", bytes(part as f64), percent(part as f64, size))?;
    }
    writeln!(out, "  {:<18} {:>10}", "the file", bytes(size))
}

fn kv(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (full, windowed, recurrent) = told.kv.counts();
    writeln!(out, "\nMemory of the KV cache (computed)")?;
    if full + windowed > 0 {
        writeln!(
            out,
            "  a token in f16: {} B = {}",
            thousands(told.kv.first_token(CacheType::F16).round() as usize),
            told.kv.formula(CacheType::F16)
        )?;
    }
    if windowed > 0 {
        writeln!(
            out,
            "  {windowed} of {} layers look back on a window only: once it is full a token adds {} B",
            full + windowed,
            thousands(told.kv.later_token(CacheType::F16).round() as usize)
        )?;
    }
    if recurrent > 0 {
        let state = told.kv.bytes(0, CacheType::F16).state;
        writeln!(out, "  {recurrent} layers keep a state of {} in all, whatever the length", bytes(state))?;
    }
    writeln!(out, "  {:>9} {:>11} {:>11} {:>11}  with the weights, f16", "tokens", "f16", "q8_0", "q4_0")?;
    let trained = u64::from(told.loaded.file.context_length);
    let mut lengths: Vec<u64> = LENGTHS.to_vec();
    lengths.push(trained);
    lengths.sort_unstable();
    lengths.dedup();
    for tokens in lengths {
        let sizes = TYPES.map(|cache| bytes(told.kv.bytes(tokens, cache).total()));
        let all = told.kv.bytes(tokens, CacheType::F16).total() + told.loaded.file.weights.bytes() as f64;
        let note = if tokens == trained { " (training context)" } else { "" };
        writeln!(
            out,
            "  {:>9} {:>11} {:>11} {:>11}  {:>10}{}{note}",
            thousands(tokens as usize),
            sizes[0],
            sizes[1],
            sizes[2],
            bytes(all),
            fits(told, all),
        )?;
    }
    for memory in &told.loaded.info.memory {
        writeln!(out, "  {} of this machine: {}", Shown::inline(&memory.name), bytes(memory.total as f64))?;
    }
    Ok(())
}

/// Whether so many bytes fit into the machine's own memory.
fn fits(told: &Told<'_>, bytes: f64) -> &'static str {
    match told.loaded.info.memory.first() {
        Some(memory) if bytes > memory.total as f64 => ", does not fit",
        Some(_) => ", fits",
        None => "",
    }
}

fn vocabulary(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let projection = &told.projection;
    writeln!(out, "\nOutput projection (computed)")?;
    writeln!(
        out,
        "  {} × {}, {}: {} parameters, {} of all, {}; {} multiply-adds a token",
        thousands(projection.width as usize),
        thousands(projection.vocabulary as usize),
        if projection.tied { "tied to the token embedding" } else { "a matrix of its own" },
        short_count(projection.elements()),
        percent(projection.share(), 1.0),
        projection.bytes.map_or(String::new(), |size| bytes(size as f64)),
        short_count(projection.multiply_adds()),
    )?;
    let Some((row, share)) = told.costs.and_then(|costs| costs.batches().projection()) else { return Ok(()) };
    writeln!(
        out,
        "  measured in passes of {} rows: {} a row, {} of the pass, copying the logits included",
        told.costs.map_or(0, |costs| costs.batches().rows),
        milliseconds(row),
        percent(share, 1.0),
    )
}

fn well_known(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nWell-known models (computed from their published shapes; weights at 4.5 bits)")?;
    writeln!(
        out,
        "  {:<12} {:>9} {:>11} {:>11} {:>11} {:>22}",
        "", "weights", "KV a token", "KV at 8K", "KV at 128K", "projection, its share"
    )?;
    for model in &known::MODELS {
        let kv = model.kv();
        let at = |tokens| kv.bytes(tokens, CacheType::F16).total();
        let (weights, projection) = (model.weights(BITS_4), model.projection());
        writeln!(
            out,
            "  {:<12} {:>9} {:>11} {:>11} {:>11} {:>22}{}",
            model.name,
            bytes(weights),
            bytes(kv.first_token(CacheType::F16)),
            bytes(at(8192)),
            bytes(at(131_072)),
            format!("{}, {}", short_count(projection.elements()), percent(projection.share(), 1.0)),
            fitting(told, model, weights),
        )?;
    }
    Ok(())
}

/// The longest text, of the lengths told, for which a well-known model fits into this machine's memory.
fn fitting(told: &Told<'_>, model: &Known, weights: f64) -> String {
    let Some(memory) = told.loaded.info.memory.first() else { return String::new() };
    let room = memory.total as f64 - weights;
    if room < 0.0 {
        return "  does not fit here".to_owned();
    }
    let kv = model.kv();
    let longest = LENGTHS.iter().rev().find(|&&tokens| kv.bytes(tokens, CacheType::F16).total() <= room);
    longest.map_or_else(
        || "  fits here with less than 1K tokens".to_owned(),
        |&tokens| format!("  fits here with {}K tokens", tokens / 1024),
    )
}

/// A median with its range.
fn timed(sample: &Sample) -> String {
    match (sample.median(), sample.range()) {
        (Some(median), Some((least, most))) if sample.len() > 1 => {
            format!("{} ({} to {})", milliseconds(median), milliseconds(least), milliseconds(most))
        }
        (Some(median), _) => milliseconds(median),
        _ => "–".to_owned(),
    }
}

fn on_off(costs: &Costs, out: &mut dyn Write) -> io::Result<()> {
    let (plan, on_off) = (costs.plan(), costs.on_off());
    let done = on_off.text_without.len();
    if done == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "\nKV cache on and off (measured: {} tokens after a prompt of {}, medians of up to {} times)",
        plan.tokens,
        plan.prompt.len(),
        plan.repeats
    )?;
    writeln!(out, "  {:>6} {:>28} {:>34}", "token", "with the cache", "without")?;
    for drawn in listed(done) {
        writeln!(
            out,
            "  {:>6} {:>28} {:>34}",
            drawn + 1,
            timed(&on_off.on[drawn]),
            timed(&on_off.off[drawn])
        )?;
    }
    let (with, without) = on_off.totals();
    let rows = on_off.rows();
    writeln!(
        out,
        "  all: {} in {} rows with the cache, {} in {} rows without: {:.1} times as long",
        milliseconds(with),
        thousands(rows.0),
        milliseconds(without),
        thousands(rows.1),
        without / with.max(f64::MIN_POSITIVE)
    )?;
    if done == plan.tokens {
        writeln!(
            out,
            "  rows by the formulas: P + N − 1 = {}, N·P + N(N − 1)/2 = {} (computed)",
            thousands(rows::with_cache(plan.prompt.len(), plan.tokens)),
            thousands(rows::without_cache(plan.prompt.len(), plan.tokens)),
        )?;
    }
    let [close, _] = on_off.closeness();
    match on_off.parted {
        None => writeln!(out, "  the tokens are the same; {close}")?,
        Some(at) => writeln!(
            out,
            "  the texts part at token {}: {close} until there, for rows evaluated together do not add up in the same order as \
             rows alone, and two tokens were that close",
            at + 1,
        )?,
    }
    let Some((first, last)) = on_off.first_and_last() else { return Ok(()) };
    writeln!(
        out,
        "  an answer: the first token after {}, the last after {}; streaming shows each as it comes and costs the same",
        milliseconds(first),
        milliseconds(last)
    )
}

/// A few of so many, the first and the last among them.
fn listed(count: usize) -> Vec<usize> {
    let last = count.saturating_sub(1);
    let mut places: Vec<usize> = (0..LISTED).map(|n| n * last / (LISTED - 1)).collect();
    places.dedup();
    places
}

fn depths(costs: &Costs, out: &mut dyn Write) -> io::Result<()> {
    if costs.depths().iter().all(|(_, sample)| sample.is_empty()) {
        return Ok(());
    }
    writeln!(out, "\nA token after a text of some length, with the cache (measured)")?;
    for (depth, sample) in costs.depths().iter().filter(|(_, sample)| !sample.is_empty()) {
        writeln!(out, "  {:>6} tokens before it  {}", thousands(*depth), timed(sample))?;
    }
    writeln!(
        out,
        "  The cache saves reading the text again, not looking back at it: attention still grows with the length."
    )
}

fn batches(costs: &Costs, out: &mut dyn Write) -> io::Result<()> {
    let batches = costs.batches();
    if batches.passes.iter().all(|(_, sample)| sample.is_empty()) {
        return Ok(());
    }
    writeln!(out, "\nPrefill and decode: rows that go through the model together (measured)")?;
    for (place, (rows, sample)) in batches.passes.iter().enumerate() {
        if let Some(rate) = batches.rate(place) {
            writeln!(
                out,
                "  {:>5} rows  {:>8} tok/s  {}",
                rows,
                thousands(rate.round() as usize),
                timed(sample)
            )?;
        }
    }
    writeln!(out, "  A prompt is read in large batches; an answer comes one row at a time.")
}

fn types(costs: &Costs, out: &mut dyn Write) -> io::Result<()> {
    if costs.types().iter().all(|run| run.token.is_empty() && run.failed.is_none()) {
        return Ok(());
    }
    writeln!(out, "\nCache types on the same text (measured; held against f16)")?;
    for run in costs.types() {
        let name = run.cache.name();
        if let Some(why) = &run.failed {
            writeln!(out, "  {name:<5} {}", Shown::inline(why))?;
            continue;
        }
        let size = run.allocated.map_or(String::new(), |(size, cells)| {
            format!("{:.2} MiB for {} cells", size as f64 / f64::from(1 << 20), thousands(cells))
        });
        let divergence = run.mean_divergence().unwrap_or(0.0);
        let most = run.divergence.iter().copied().fold(0.0, f64::max);
        let parted = run.parted.map_or("the likeliest token is always the same".to_owned(), |at| {
            format!("another likeliest token at {}", at + 1)
        });
        writeln!(out, "  {name:<5} {size}, a token {}", timed(&run.token))?;
        if run.cache == costs.types()[0].cache {
            continue;
        }
        writeln!(out, "        KL {divergence:.6} bits a token on average, {most:.6} at most; {parted}")?;
    }
    Ok(())
}

fn around(costs: &Costs, out: &mut dyn Write) -> io::Result<()> {
    let around = costs.around();
    if around.statistics.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nWhere the time goes in one token of this program (measured)")?;
    let model = costs.on_off().token();
    for (name, sample) in [("model", &model), ("statistics", &around.statistics), ("chain", &around.chain)] {
        writeln!(out, "  {name:<11} {}", timed(sample))?;
    }
    writeln!(out, "  drawing is measured on the screen (key 9)")
}
