//! What the screen costs: a slider moved, and a frame drawn beside a long text.

use std::{hint::black_box, sync::Arc};

use anyhow::{Result, ensure};
use logitscope::{
    app::{Hit, Message, MouseMove},
    distribution::Summary,
    engine::{
        Evaluator, Request, VocabularyBuilder,
        llama::{CacheLayout, LlamaEvaluator, LoadedModel, load, log},
        worker::Ready,
    },
    settings::ModelSettings,
    token::Token,
    ui,
};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    desk::{Desk, Stocked},
    logits::{LARGE_VOCABULARY, random},
    models::Models,
    programs::status_bytes,
    table::{Quantity, Table},
    timing::repeat,
};

const SIZE: (u16, u16) = (200, 60);
/// Milliseconds from a slider to new bars, and for a frame.
const BOUND: f64 = 2.0;
/// Tokens of the long text: it fills the context.
const CONTEXT: usize = 32_768;
/// Distributions taken from the model; the long text goes round and round over them.
const STOCK: usize = 200;
/// Megabytes that all but llama.cpp and the budgeted logits may take, however long the text.
const MEMORY: f64 = 60.0;

pub fn run(table: &mut Table, _: &Models) -> Result<()> {
    // Takes llama.cpp's log off the screen.
    log::start(None)?;
    let loaded = load(&ModelSettings::default(), |_| true)?;
    slider(table, &loaded)?;
    long_text(table, &loaded)
}

/// Drags the temperature back and forth at a step of a large vocabulary.
fn slider(table: &mut Table, loaded: &LoadedModel) -> Result<()> {
    let mut words = VocabularyBuilder::with_capacity(LARGE_VOCABULARY);
    for id in 0..LARGE_VOCABULARY {
        words.push(format!(" w{id}").as_bytes(), false, id == 0);
    }
    let ready = Ready {
        info: loaded.info.clone(),
        vocabulary: Arc::new(words.build()),
        context: CONTEXT,
        layout: CacheLayout::Apart,
    };
    let logits = random(LARGE_VOCABULARY, 3);
    let stock = vec![(Summary::of(&logits, Summary::TOP), logits)];
    let mut desk = Desk::new(ready, stock, SIZE)?;
    desk.take(Message::Mouse(MouseMove::Press, Some(Hit::Slider(0, Some(0.0)))));
    let mut place = 0.0;
    let sample = repeat(200, || {
        place = (place + 0.05) % 1.0;
        desk.take(Message::Mouse(MouseMove::Drag, Some(Hit::Slider(0, Some(place)))));
        desk.state.prepare_frame();
        black_box(desk.state.frame());
    });
    let moved = f64::from(desk.state.sampling().temperature);
    ensure!((moved - 2.0 * place).abs() < 0.05, "the slider is at {moved}, not at {place} of its track");
    table.bounded("slider to new bars, 151,936 tokens", Quantity::ms(sample.best), BOUND, sample.note());
    Ok(())
}

/// Plays until the text is long, then draws; and tells what the text takes in memory.
fn long_text(table: &mut Table, loaded: &LoadedModel) -> Result<()> {
    let ready = Ready {
        info: loaded.info.clone(),
        vocabulary: Arc::clone(&loaded.vocabulary),
        context: CONTEXT,
        layout: CacheLayout::Apart,
    };
    let stock = stock(loaded)?;
    let before = status_bytes(std::process::id(), "VmRSS:");
    let mut desk = Desk::new(ready, stock, SIZE)?;
    // Plays until the context is full.
    desk.press(' ');
    desk.state.prepare_frame();
    let after = status_bytes(std::process::id(), "VmRSS:");
    let written = desk.state.transcript().tokens().len();
    ensure!(written == CONTEXT, "the text ended at {written} tokens");

    let screen = Rect::new(0, 0, SIZE.0, SIZE.1);
    let mut buffer = Buffer::empty(screen);
    let sample = repeat(300, || {
        buffer.reset();
        ui::draw(&desk.state, screen, &mut buffer);
        black_box(&buffer);
    });
    let what = "frame of 200x60, 32,768 tokens of text";
    table.bounded(what, Quantity::ms(sample.best), BOUND, sample.note());

    let what = "memory of 32,768 tokens beside the logits' budget";
    let budgeted = desk.state.session().map_or(0, |session| session.tree().logits_bytes());
    match (before, after) {
        (Some(before), Some(after)) => {
            let used = (after as f64 - before as f64 - budgeted as f64) / 1e6;
            table.bounded(
                what,
                Quantity::mb(used),
                MEMORY,
                format!("budget: {:.0} MB", budgeted as f64 / 1e6),
            );
        }
        _ => table.left_out(what, "there is no /proc to read it from"),
    }
    Ok(())
}

/// Distributions of the embedded model along a text of its own.
fn stock(loaded: &LoadedModel) -> Result<Vec<Stocked>> {
    let mut evaluator = LlamaEvaluator::new(loaded, &ModelSettings::default())?;
    let mut path: Vec<Token> = loaded.vocabulary.tokenize("Once upon a time");
    let mut stock: Vec<Stocked> = Vec::with_capacity(STOCK);
    for step in 0..STOCK {
        evaluator.evaluate(&Request::after([path[..].into()], None), &mut |_| true, &mut |_, row| {
            stock.push((Summary::of(row.logits, Summary::TOP), Arc::from(row.logits)));
        })?;
        // The likeliest one or one of the next two, so that the text does not go in circles.
        path.push(stock[step].0.top[step % 3].token);
    }
    Ok(stock)
}
