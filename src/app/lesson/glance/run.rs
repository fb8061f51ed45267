//! The text, the model, time and cache, as expressions see them.

use minijinja::Value;

use super::{or_none, piece, reason, text_of};
use crate::{app::Desk, cost::Projection, decode::Session, lesson::Part, token::Token};

/// A part of the desk by its name; None where there is nothing of it now.
pub(super) fn part(name: &str, desk: &Desk) -> Option<Value> {
    if name == "model" {
        return model(desk);
    }
    let session = desk.session()?;
    let path = session.path();
    Some(match name {
        "tokens" => tokens(session),
        "text" => {
            // Without what begins and ends it, which is not written.
            let control = |token: &Token| session.vocabulary().is_control(*token);
            let written: Vec<Token> = path.tokens().iter().copied().filter(|token| !control(token)).collect();
            Value::from(text_of(session.vocabulary(), &written))
        }
        "prompt_tokens" => Value::from(path.prompt_len()),
        "generated" => Value::from(path.generated()),
        "stop" => {
            let text = session.stopped().map_or_else(String::new, |stop| stop.detail(session.vocabulary()));
            Part::value("stop", vec![("reason", reason(session.stopped())), ("text", Value::from(text))])
        }
        "time" => time(desk)?,
        "kv" => kv(desk),
        "score" => score(session)?,
        _ => return None,
    })
}

fn model(desk: &Desk) -> Option<Value> {
    let ready = desk.ready()?;
    let file = ready.info.file.as_deref();
    Some(Part::value(
        "model",
        vec![
            ("name", Value::from(ready.info.title.clone())),
            ("parameters", or_none(file.map(|file| file.parameters))),
            ("vocabulary", Value::from(ready.vocabulary.len())),
            ("context", Value::from(ready.context)),
            ("built_in", Value::from(ready.info.path.is_none())),
            ("layers", or_none(file.map(|file| file.block_count))),
            ("width", or_none(file.map(|file| file.embedding_length))),
            ("tied", or_none(file.map(|file| Projection::of(file).tied))),
        ],
    ))
}

fn tokens(session: &Session) -> Value {
    let path = session.path();
    let all = path.tokens().iter().enumerate().map(|(at, &token)| {
        let step = path.step_at(at).map(|(step, _)| *step);
        let bytes = session.vocabulary().piece(token);
        Part::value(
            "a token",
            vec![
                ("id", Value::from(token.0)),
                ("text", piece(session.vocabulary(), token)),
                ("bytes", bytes.iter().map(|&byte| u32::from(byte)).collect()),
                ("prompt", Value::from(at < path.prompt_len())),
                ("probability", or_none(step.map(|step| step.p_raw))),
                ("final", or_none(step.map(|step| step.p_final))),
                ("rank", or_none(step.and_then(|step| step.rank.at()))),
                ("surprisal", or_none(step.map(|step| step.surprisal_bits))),
                ("entropy", or_none(step.and_then(|step| step.entropy_bits.exact()))),
                ("u", or_none(step.and_then(|step| step.u))),
            ],
        )
    });
    all.collect()
}

fn time(desk: &Desk) -> Option<Value> {
    let slot = desk.engines.main();
    let prefill = slot.prefill?;
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    let decode = slot.decode_ms.back().copied();
    let mean = slot.decode_ms.iter().sum::<f64>() / slot.decode_ms.len().max(1) as f64;
    let written: f64 = slot.decode_ms.iter().sum();
    Some(Part::value(
        "time",
        vec![
            ("prefill_ms", Value::from(ms(prefill.time))),
            ("prefill_tokens", Value::from(prefill.decoded)),
            ("decode_ms", or_none(decode)),
            ("mean_decode_ms", or_none(decode.map(|_| mean))),
            ("tokens_per_second", or_none(decode.filter(|_| mean > 0.0).map(|_| 1e3 / mean))),
            // The first token is drawn from the logits of the prompt's last one.
            ("first_token_ms", Value::from(ms(prefill.time))),
            ("total_ms", Value::from(ms(prefill.time) + written)),
        ],
    ))
}

fn kv(desk: &Desk) -> Value {
    let kv = desk.engines.main().kv;
    let per_token = kv.used_bytes as f64 / kv.cells.max(1) as f64;
    Part::value(
        "kv",
        vec![
            ("cells", Value::from(kv.room)),
            ("used", Value::from(kv.cells)),
            ("bytes", Value::from(kv.used_bytes)),
            ("bytes_per_token", Value::from(per_token)),
            ("allocated_bytes", Value::from(kv.allocated_bytes)),
        ],
    )
}

/// Of a text that was scored: how surprising it was to the model.
fn score(session: &Session) -> Option<Value> {
    let path = session.path();
    if !path.is_scored() {
        return None;
    }
    let steps = (0..path.prompt_len()).filter_map(|at| path.step_at(at));
    let bits: Vec<f64> = steps.map(|(step, _)| step.surprisal_bits).collect();
    let mean = bits.iter().sum::<f64>() / bits.len().max(1) as f64;
    Some(Part::value(
        "score",
        vec![
            ("tokens", Value::from(bits.len())),
            ("bits_per_token", Value::from(mean)),
            ("perplexity", Value::from(mean.exp2())),
        ],
    ))
}
