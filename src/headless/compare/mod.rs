//! `logitscope compare`: settings side by side on the same model, or many seeds of one setting.

#[cfg(test)]
mod fixture;
mod forest;
mod grid;
mod lines;
mod page;
mod pick;
mod report;
mod table;
mod text;

use std::{
    io::Write,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};

pub use forest::{BranchReport, EndingReport, ForestReport, ForkReport};
pub use pick::{Pick, PickedFor};
pub use report::{ChoiceReport, DivergenceReport, LaneReport, LoopReport, StopReport, TokenReport};
pub(super) use report::{piece, text as path_text, tokens as path_tokens};
pub use table::{PromptRow, Row, rows};

use super::{
    RunError,
    command_line::command_line,
    driver::{Driver, Spent},
    html,
    llama_flags::left_out,
};
use crate::{
    decode::{
        Cursor, StopRules,
        forest::Forest,
        lanes::{Differing, Lane, LaneSetup, Lanes, Seeds, Which, differing, differing_stops},
        random_seed,
    },
    engine::{Evaluator, Model, PromptText, llama::CacheLayout},
    remote,
    sampling::{SamplingOverrides, SamplingSettings, Target},
    settings::{LanePlan, MAX_SEQUENCES, PromptError, PromptSettings, Settings, StopSettings},
    text::decode,
    token::Token,
    tree::Tree,
};

/// Tokens per text unless a limit is set.
const TOKENS: i32 = 128;

/// Seeds that walk at the same time, unless they go through the model together.
const FOREST_WIDTH: usize = 8;

/// A comparison.
#[derive(Clone, Debug, Default)]
pub struct CompareJob {
    /// Everything that can be set, for all lanes.
    pub settings: Settings,
    /// The sampling settings given for all lanes.
    pub given: SamplingOverrides,
    /// The lanes; none for seeds.
    pub lanes: Vec<LanePlan>,
    /// A number of seeds of one setting, instead of lanes.
    pub seeds: Option<usize>,
    /// Each lane has its own seed.
    pub own_seeds: bool,
    /// A file of prompts, one per line.
    pub prompts: Option<PathBuf>,
    /// JSON lines instead of text.
    pub json: bool,
    /// A web page to be written as well.
    pub html: Option<PathBuf>,
    /// Print control tokens as text.
    pub special: bool,
}

/// A lane, ready to begin on any prompt.
struct Ready {
    name: String,
    prompt: Option<Vec<Token>>,
    sampling: SamplingSettings,
    stop: StopSettings,
}

/// What is compared, the same for every prompt.
struct Comparison<'a> {
    loaded: &'a dyn Model,
    job: &'a CompareJob,
    lanes: Vec<Ready>,
    differing: Vec<Differing>,
    prompts: Vec<(String, Vec<Token>)>,
    /// The context that each text has, in tokens.
    context: usize,
}

/// A setting as a command line of llama.cpp's tool.
struct Command {
    line: String,
    /// What it cannot express, as this program's flags.
    left_out: Vec<String>,
    /// Prompts that the row has texts on; the command has the first.
    prompts: usize,
}

impl Command {
    /// What to know about it, in words.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if !self.left_out.is_empty() {
            remarks
                .push(format!("left out, since llama.cpp has no flag for it: {}", self.left_out.join(", ")));
        }
        if self.prompts > 1 {
            remarks.push(format!("its prompt is the first of {}", self.prompts));
        }
        remarks
    }
}

/// All results.
#[derive(Default)]
struct Found {
    lanes: Vec<LaneReport>,
    forests: Vec<ForestReport>,
    spent: Spent,
}

/// Compares: text or JSON to `out`. `interrupted` ends it after the current token. A reader that went away ends it
/// without an error.
pub fn compare(job: &CompareJob, out: &mut dyn Write, interrupted: &Arc<AtomicBool>) -> Result<(), RunError> {
    // The prompts first: when they cannot be read, nobody wants to wait for the model.
    let texts = prompts(job)?;
    if job.seeds.is_none() && job.lanes.is_empty() {
        return Err(RunError::NothingToCompare);
    }
    job.html.as_deref().map_or(Ok(()), html::check)?;
    let model = super::load_model(&job.settings.model, interrupted)?;
    compare_on(&*model, job, texts, out, interrupted)
}

/// [`compare`] on a model that is loaded already, for prompts that are read already.
pub fn compare_on(
    loaded: &dyn Model,
    job: &CompareJob,
    prompts: Vec<String>,
    out: &mut dyn Write,
    interrupted: &AtomicBool,
) -> Result<(), RunError> {
    let comparison = Comparison::new(loaded, job, prompts)?;
    match comparison.run(out, interrupted) {
        Err(RunError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// The prompts' texts: those of the file, else the one given.
fn prompts(job: &CompareJob) -> Result<Vec<String>, RunError> {
    let Some(path) = &job.prompts else {
        let own = |lane: &LanePlan| lane.prompt.is_some();
        let all_own = !job.lanes.is_empty() && job.lanes.iter().all(own);
        let text = job.settings.prompt.load()?;
        // Lanes that all have a prompt of their own need no other.
        return match text.or_else(|| all_own.then(String::new)) {
            Some(text) => Ok(vec![text]),
            None => Err(RunError::NoPrompt),
        };
    };
    let read = |source| PromptError::Read { path: path.clone(), source };
    let text = std::fs::read(path).map_err(read)?;
    let text = decode(text).map_err(|what| PromptError::NotText { path: path.clone(), what })?;
    let prompts: Vec<String> =
        text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    if prompts.is_empty() { Err(RunError::NoPrompts { path: path.clone() }) } else { Ok(prompts) }
}

/// The stop conditions, with a token limit where none is set.
fn limited(stop: &StopSettings) -> StopSettings {
    let mut stop = stop.clone();
    if stop.predict == StopSettings::default().predict {
        stop.predict = TOKENS;
    }
    stop
}

/// The rules, with a token limit where none is set.
pub(super) fn rules(stop: &StopSettings) -> StopRules {
    StopRules::from(&limited(stop))
}

/// Settles the seeds that the lanes draw with, so that they can be printed and the texts reproduced. A lane without one has the
/// first lane's; where that has none, one is taken from the system.
fn settle_seeds(lanes: &mut [Ready], own: bool) {
    let Some(first) = lanes.first().map(|lane| lane.sampling.seed.unwrap_or_else(random_seed)) else {
        return;
    };
    for (index, lane) in lanes.iter_mut().enumerate() {
        let given = lane.sampling.seed.filter(|_| !own);
        let seeds = if own { Seeds::Own } else { Seeds::Same };
        lane.sampling.seed = given.or(Some(seeds.of(first, index)));
    }
}

impl<'a> Comparison<'a> {
    fn new(loaded: &'a dyn Model, job: &'a CompareJob, texts: Vec<String>) -> Result<Self, RunError> {
        let settings = &job.settings.prompt;
        let tokens = |text: &str| -> Result<Vec<Token>, RunError> {
            let prompt =
                PromptText { text: text.to_owned(), chat: settings.chat, system: settings.system.clone() };
            Ok(super::tokens_of(&prompt, loaded)?)
        };
        let ready = |plan: &LanePlan| -> Result<Ready, RunError> {
            Ok(Ready {
                name: plan.name.clone(),
                prompt: plan.prompt.as_deref().map(tokens).transpose()?,
                sampling: loaded.info().sampling(&plan.sampling),
                stop: limited(&plan.stop),
            })
        };
        let mut lanes = job.lanes.iter().map(ready).collect::<Result<Vec<_>, _>>()?;
        if lanes.is_empty() {
            lanes.push(Ready {
                name: "seeds".into(),
                prompt: None,
                sampling: loaded.info().sampling(&job.given),
                stop: limited(&job.settings.stop),
            });
        }
        settle_seeds(&mut lanes, job.own_seeds);
        let mut differing = differing(&lanes.iter().map(|lane| &lane.sampling).collect::<Vec<_>>());
        differing.extend(differing_stops(&lanes.iter().map(|lane| &lane.stop).collect::<Vec<_>>()));
        let prompts = texts
            .into_iter()
            .map(|text| tokens(&text).map(|tokens| (text, tokens)))
            .collect::<Result<_, _>>()?;
        let context = loaded.context(&job.settings.model);
        Ok(Self { loaded, job, lanes, differing, prompts, context })
    }

    fn run(&self, out: &mut dyn Write, interrupted: &AtomicBool) -> Result<(), RunError> {
        let mut evaluator = self.evaluator()?;
        let together = self.job.settings.model.batch_lanes;
        let mut driver = Driver::new(
            &mut *evaluator,
            self.loaded.vocabulary(),
            together || remote::is_remote(self.loaded),
            interrupted,
        );
        let mut found = Found::default();
        let mut on_own = Vec::new();
        self.write_start(out)?;
        for index in (0..self.prompts.len()).filter(|&index| !self.lanes_on(index).is_empty()) {
            if driver.interrupted() {
                break;
            }
            driver.forget();
            if let Some(seeds) = self.job.seeds {
                let report = self.grow(index, seeds, &mut driver)?;
                self.write_forest(out, &report)?;
                found.forests.push(report);
            } else {
                let reports = self.walk(index, &mut driver)?;
                // They ran together with the lanes on the first prompt, but belong to none of the prompts.
                let apart = |report: &LaneReport| report.prompt.is_none() && self.several_prompts();
                let (own, reports): (Vec<_>, Vec<_>) = reports.into_iter().partition(apart);
                self.write_lanes(out, Some(index), &reports)?;
                found.lanes.extend(reports);
                on_own.extend(own);
            }
        }
        if !on_own.is_empty() {
            self.write_lanes(out, None, &on_own)?;
            found.lanes.extend(on_own);
        }
        found.spent = driver.spent;
        self.write_end(out, &found)?;
        if let Some(path) = &self.job.html {
            html::write(path, &page::page(self, &found))?;
        }
        Ok(())
    }

    /// A context with a path for each lane. Unless lanes are decoded together, each path lies in cells of its own, as many
    /// as it can come to need.
    fn evaluator(&self) -> Result<Box<dyn Evaluator + 'a>, RunError> {
        let mut settings = self.job.settings.model.clone();
        let paths = match self.job.seeds {
            Some(seeds) if settings.batch_lanes => seeds,
            Some(seeds) => seeds.min(FOREST_WIDTH),
            None => self.lanes.len(),
        };
        settings.sequences = (paths as u32).clamp(1, MAX_SEQUENCES);
        let own = self.lanes.iter().filter_map(|lane| lane.prompt.as_deref());
        let prompts = self.prompts.iter().map(|(_, tokens)| &tokens[..]).chain(own);
        let longest = prompts.map(<[Token]>::len).max().unwrap_or(0);
        let generated = |lane: &Ready| StopRules::from(&lane.stop).max_tokens.unwrap_or(self.context);
        let most = self.lanes.iter().map(generated).max().unwrap_or(0);
        let each = longest.saturating_add(most).min(self.context);
        let layout = if settings.batch_lanes { CacheLayout::Shared } else { CacheLayout::Apart };
        let cells = match layout {
            CacheLayout::Apart => each,
            CacheLayout::Shared => self.context.max(each.saturating_mul(settings.sequences as usize)),
        };
        settings.ctx_size = u32::try_from(cells).unwrap_or(u32::MAX).max(1);
        Ok(self.loaded.evaluator(&settings, Some(layout))?)
    }

    /// The bytes of logits that the tree may keep.
    fn budget(&self) -> usize {
        self.job.settings.model.logits_budget_mib as usize * (1 << 20)
    }

    fn tree(&self) -> Tree {
        let mut tree = Tree::new(self.budget());
        tree.set_limit((self.job.settings.model.tree_nodes as usize).max(self.context + 1));
        tree
    }

    /// All lanes on one prompt, in lockstep to their ends.
    fn walk(&self, prompt: usize, driver: &mut Driver<'_>) -> Result<Vec<LaneReport>, RunError> {
        let mut tree = self.tree();
        let mut lanes = Lanes::new(Arc::clone(self.loaded.vocabulary()), self.context);
        let on = self.lanes_on(prompt);
        for lane in on.iter().map(|&index| &self.lanes[index]) {
            let tokens = lane.prompt.as_ref().unwrap_or(&self.prompts[prompt].1);
            let setup = LaneSetup {
                name: lane.name.clone(),
                prompt: tokens.clone(),
                settings: lane.sampling.clone(),
                rules: StopRules::from(&lane.stop),
            };
            lanes.add(&mut tree, setup)?;
        }
        lanes.ask(Which::All, self.context);
        play(&mut lanes, &mut tree, driver)?;
        let special = self.job.special;
        let report = |(&index, lane): (&usize, _)| {
            let prompt = self.lanes[index].prompt.is_none().then_some(prompt);
            let prompt_of = |lane: &Lane| lane.cursor().path().prompt_tokens().to_vec();
            let first =
                lanes.lanes().iter().find(|other| prompt_of(other) == prompt_of(lane)).unwrap_or(lane);
            LaneReport::of(prompt, index, lane, first, special)
        };
        Ok(on.iter().zip(lanes.lanes()).map(report).collect())
    }

    /// Many seeds on one prompt, to their ends.
    fn grow(&self, prompt: usize, seeds: usize, driver: &mut Driver<'_>) -> Result<ForestReport, RunError> {
        let mut tree = self.tree();
        let lane = &self.lanes[0];
        // Seeds have no clock of their own.
        let rules = StopRules { max_time: None, ..StopRules::from(&lane.stop) };
        let vocabulary = Arc::clone(self.loaded.vocabulary());
        let tokens = self.prompts[prompt].1.clone();
        let cursor = Cursor::new(&mut tree, vocabulary, tokens, lane.sampling.clone(), rules, self.context)?;
        let many = self.job.settings.model.batch_lanes || remote::is_remote(self.loaded);
        let width = if many { MAX_SEQUENCES as usize } else { FOREST_WIDTH };
        let mut forest = Forest::new(cursor, seeds, width);
        forest.ask(self.context);
        loop {
            let nodes = forest.wanted(&mut tree, driver.limit())?;
            if nodes.is_empty() {
                break;
            }
            let Some(evaluations) = driver.evaluate(&tree, &nodes)? else { break };
            for (node, evaluation) in nodes.into_iter().zip(evaluations) {
                forest.absorb(&mut tree, node, evaluation)?;
            }
        }
        Ok(ForestReport::of(prompt, &forest, &tree, self.job.special))
    }

    /// The lanes that are run on a prompt. Those with their own prompt are run once, together with the others on the first.
    fn lanes_on(&self, prompt: usize) -> Vec<usize> {
        let takes_part = |lane: &Ready| lane.prompt.is_none() || prompt == 0;
        (0..self.lanes.len()).filter(|&index| takes_part(&self.lanes[index])).collect()
    }

    /// The seed of all lanes; None where they have several.
    fn seed(&self) -> Option<u32> {
        let seed = self.lanes.first()?.sampling.seed;
        seed.filter(|_| self.lanes.iter().all(|lane| lane.sampling.seed == seed))
    }

    /// Whether texts have to be told apart by their prompts.
    const fn several_prompts(&self) -> bool {
        self.prompts.len() > 1
    }

    /// The prompt that a lane has of its own.
    fn own_prompt(&self, lane: usize) -> Option<&str> {
        self.job.lanes.get(lane)?.prompt.as_deref()
    }

    /// A row as a command line of llama.cpp's tool, on its own prompt or the first one.
    fn command(&self, row: &Row) -> Option<Command> {
        let lane = self.lanes.get(row.lane)?;
        let PromptSettings { chat, system, .. } = &self.job.settings.prompt;
        let text = self.own_prompt(row.lane).or_else(|| Some(&*self.prompts.first()?.0)).unwrap_or_default();
        let prompt = PromptText { text: text.to_owned(), chat: *chat, system: system.clone() };
        let recommended = self.loaded.info().recommended();
        let target = Target::new(self.context, &recommended);
        let model = &self.job.settings.model;
        Some(Command {
            line: command_line(model, &prompt, &lane.sampling, &lane.stop, &target),
            left_out: left_out(&lane.sampling, &lane.stop, model),
            prompts: row.prompts.len(),
        })
    }
}

/// Runs lanes to where they were asked to go.
pub(super) fn play(lanes: &mut Lanes, tree: &mut Tree, driver: &mut Driver<'_>) -> Result<(), RunError> {
    let begun = Instant::now();
    loop {
        let nodes = lanes.wanted(tree, driver.limit())?;
        if nodes.is_empty() {
            return Ok(());
        }
        let Some(evaluations) = driver.evaluate(tree, &nodes)? else { return Ok(()) };
        lanes.set_time(begun.elapsed());
        for (node, evaluation) in nodes.into_iter().zip(evaluations) {
            lanes.absorb(tree, node, evaluation)?;
        }
    }
}
