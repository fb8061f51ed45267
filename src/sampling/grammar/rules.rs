//! Rules that lead to themselves before any text: llama.cpp would follow them without end.

use super::check::{Alternatives, Item};

/// How many rules may lead to one another before the first character: llama.cpp recurses once for each.
const MAX_CHAIN: usize = 500;

/// How many ways a rule may begin: llama.cpp follows each of them at the same time.
const MAX_BEGINNINGS: usize = 10_000;

/// Checks the rules; the one that is wrong, and why.
pub(super) fn check(rules: &[&Alternatives]) -> Result<(), (usize, &'static str)> {
    let may_be_empty = may_be_empty(rules);
    let leads_to: Vec<Vec<usize>> = rules.iter().map(|rule| first_rules(rule, &may_be_empty)).collect();
    let mut state = vec![State::New; rules.len()];
    let mut beginnings = vec![0; rules.len()];
    for rule in 0..rules.len() {
        walk(rule, &leads_to, &mut state, &mut |done| {
            beginnings[done] = count(rules[done], &may_be_empty, &beginnings);
            if beginnings[done] > MAX_BEGINNINGS {
                return Err((done, "this rule can begin in more than 10000 ways"));
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// In how many ways a rule can begin, where it is known for the rules that it leads to.
fn count(rule: &Alternatives, empty: &[bool], beginnings: &[usize]) -> usize {
    let mut ways = 0_usize;
    for items in rule {
        for item in items {
            ways = ways.saturating_add(item.rule.map_or(1, |rule| beginnings[rule]));
            if !passes(*item, empty) {
                break;
            }
        }
    }
    ways.max(1)
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Follows the rules depth first with a stack of its own; `done` is called for each once those it leads to are done.
fn walk(
    start: usize,
    leads_to: &[Vec<usize>],
    state: &mut [State],
    done: &mut dyn FnMut(usize) -> Result<(), (usize, &'static str)>,
) -> Result<(), (usize, &'static str)> {
    let mut stack = vec![(start, 0)];
    while let Some((rule, next)) = stack.pop() {
        if next == 0 {
            match state[rule] {
                State::Done => continue,
                State::Open => {
                    return Err((
                        rule,
                        "this rule is left-recursive: it leads back to itself before any text",
                    ));
                }
                State::New => state[rule] = State::Open,
            }
        }
        if let Some(&child) = leads_to[rule].get(next) {
            if stack.len() == MAX_CHAIN {
                return Err((start, "from here, more than 500 rules lead into one another before any text"));
            }
            stack.push((rule, next + 1));
            stack.push((child, 0));
        } else {
            state[rule] = State::Done;
            done(rule)?;
        }
    }
    Ok(())
}

/// For each rule, whether it can be the empty text.
fn may_be_empty(rules: &[&Alternatives]) -> Vec<bool> {
    let mut empty = vec![false; rules.len()];
    loop {
        let mut changed = false;
        for (index, rule) in rules.iter().enumerate() {
            if !empty[index] && rule.iter().any(|items| items.iter().all(|item| passes(*item, &empty))) {
                empty[index] = true;
                changed = true;
            }
        }
        if !changed {
            return empty;
        }
    }
}

fn passes(item: Item, empty: &[bool]) -> bool {
    item.optional || item.rule.is_some_and(|rule| empty[rule])
}

/// The rules that can come first in a rule's text.
fn first_rules(rule: &Alternatives, empty: &[bool]) -> Vec<usize> {
    let mut first = Vec::new();
    for items in rule {
        for item in items {
            first.extend(item.rule);
            if !passes(*item, empty) {
                break;
            }
        }
    }
    first.sort_unstable();
    first.dedup();
    first
}
