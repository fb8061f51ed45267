//! The command `logitscope`: reads the command line, then shows the screen or runs without one.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result};
use logitscope::{
    app::{EXAMPLES, LearnSetup, Setup},
    cli::{
        self, Action, BeamOptions, CompareOptions, EXIT_USAGE, HandoutOptions, Invocation, LearnOptions,
        LearnWhat, ModelsOptions, Resolved, RunOptions, ScoreOptions,
    },
    config::{Config, Paths},
    engine::{
        PromptText,
        llama::{exit_on_abort, log},
    },
    fetch::{ObtainError, Reach},
    headless::{
        self, BeamJob, CompareJob, CostJob, CostRequest, DiffuseJob, DiffuseRequest, Job, ModelsJob,
        ScoreJob, SpeculateJob, SpeculateRequest,
    },
    keymap::Keymap,
    lesson::{Language, Shelf, user_files},
    models::NotHere,
    runtime::{
        event_loop, leave_at_once, lessons, memory::Memory, signals::Signals, terminal::TerminalError, tty,
    },
    sampling::diff,
    settings::Settings,
    text::Shown,
    theme::{ColourDepth, ThemeStore},
};

/// The exit status of what could not be done.
const EXIT_FAILURE: u8 = 1;

fn main() -> ExitCode {
    let action = match cli::parse(std::env::args_os(), |name| std::env::var_os(name)) {
        Ok(action) => action,
        Err(error) if error.use_stderr() => {
            let _ = writeln!(io::stderr(), "{}", cli::complaint(&error));
            return ExitCode::from(EXIT_USAGE);
        }
        // Help, or the version.
        Err(shown) => shown.exit(),
    };
    let result = match action {
        // The engine's thread may be at work when the screen is left.
        Action::Interactive(invocation) => {
            leave_at_once(status(interactive(&invocation, Learning::default())));
        }
        Action::Run(invocation, options) => run(&invocation, options),
        Action::Score(invocation, options) => score(&invocation, options),
        Action::Softmax(logits, temperature) => softmax(&logits, temperature),
        Action::Compare(invocation, options) => compare(&invocation, options),
        Action::Beam(invocation, options) => beam(&invocation, options),
        Action::Diffuse(invocation, options) => diffuse(&invocation, options),
        Action::Cost(invocation, request) => cost(&invocation, request),
        Action::Learn(invocation, options) => learn(&invocation, options),
        Action::Handout(invocation, options) => leave_at_once(status(handout(&invocation, &options))),
        Action::Models(invocation, options) => models(&invocation, options),
        Action::Speculate(invocation, request) => speculate(&invocation, *request),
        Action::Completions(shell) => {
            let mut script = Vec::new();
            cli::write_completions(shell, &mut script);
            print_whole(&script)
        }
        Action::Man => {
            let mut page = Vec::new();
            cli::write_man(&mut page).context("the manual page").and_then(|()| print_whole(&page))
        }
    };
    ExitCode::from(status(result))
}

/// A list that is none is wrong usage.
fn softmax(logits: &str, temperature: f64) -> Result<u8> {
    match headless::softmax(logits, temperature, &mut io::stdout().lock()) {
        Err(headless::SoftmaxError::Typed(error)) => Err(usage(error)),
        result => Ok(result.map(|()| 0)?),
    }
}

/// Wrong usage: told as other errors are, with a status of its own.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Usage(anyhow::Error);

fn usage(error: impl Into<anyhow::Error>) -> anyhow::Error {
    Usage(error.into()).into()
}

/// The exit status; an error is printed.
fn status(result: Result<u8>) -> u8 {
    result.unwrap_or_else(|error| {
        tracing::error!("{}", in_words(&error));
        complain(&error);
        if error.is::<Usage>() { EXIT_USAGE } else { EXIT_FAILURE }
    })
}

/// The error in one line on standard error, made harmless: it can hold names from files.
fn complain(error: &anyhow::Error) {
    let text = in_words(error);
    let lines: Vec<_> = Shown::lines(&text).map(|line| line.as_str().to_owned()).collect();
    let _ = writeln!(io::stderr(), "logitscope: {}", lines.join("\n"));
}

/// The error and its causes, each once: many sentences hold their cause already.
fn in_words(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |text, cause| match text {
        text if text.is_empty() => cause,
        text if text.contains(&cause) => text,
        text => format!("{text}: {cause}"),
    })
}

/// A reader that went away is no failure.
fn print_whole(bytes: &[u8]) -> Result<u8> {
    match io::stdout().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write the output")
        }
        _ => Ok(0),
    }
}

/// What both ways of running need: where files are, and the settings.
struct Prepared {
    paths: Paths,
    config: Config,
    resolved: Resolved,
}

/// Reads config file and settings; what is wrong there is wrong usage.
fn prepare(invocation: &Invocation) -> Result<Prepared> {
    let paths = Paths::from_environment().map_err(usage)?;
    let config = Config::load(invocation.config_file(), &paths).map_err(usage)?;
    let resolved = cli::resolve(invocation, &config).map_err(usage)?;
    Ok(Prepared { paths, config, resolved })
}

/// The same where a model runs without a screen: with a log, and llama.cpp's failures end the process.
fn begin(invocation: &Invocation) -> Result<Prepared> {
    let prepared = prepare(invocation)?;
    start_log(invocation, &prepared.paths)?;
    exit_on_abort();
    Ok(prepared)
}

/// Looks the model up by its name, and fetches it if need be: after all that can be wrong usage was looked at.
fn obtain_model(settings: &mut Settings, invocation: &Invocation) -> Result<()> {
    settings.model.path = obtain(settings.model.path.take(), settings, invocation)?;
    Ok(())
}

fn obtain(name: Option<PathBuf>, settings: &Settings, invocation: &Invocation) -> Result<Option<PathBuf>> {
    let reach = reach(settings, invocation);
    Ok(name.map(|name| headless::obtain(&name, &reach)).transpose()?)
}

/// The same for the screen, where one of several models in a folder can be chosen: that folder.
fn model_or_folder(settings: &mut Settings, invocation: &Invocation) -> Result<Option<PathBuf>> {
    let named = settings.model.path.clone();
    match obtain_model(settings, invocation) {
        Err(error) if matches!(error.downcast_ref(), Some(ObtainError::NotHere(NotHere::Several { .. }))) => {
            Ok(named)
        }
        result => result.map(|()| None),
    }
}

fn reach(settings: &Settings, invocation: &Invocation) -> Reach {
    Reach { offline: settings.model.offline, token: invocation.hf_token() }
}

fn start_log(invocation: &Invocation, paths: &Paths) -> Result<std::path::PathBuf> {
    let file = invocation.log_file().unwrap_or_else(|| paths.log_file());
    // A log that nobody asked for must not keep the program from running.
    if let Err(error) = log::start(Some(&file)) {
        if invocation.log_file().is_some() {
            return Err(error).with_context(|| format!("the log file {} cannot be written", file.display()));
        }
        log::start(None)?;
    }
    Ok(file)
}

fn run(invocation: &Invocation, options: RunOptions) -> Result<u8> {
    let prepared = begin(invocation)?;
    let Resolved { mut settings, given } = prepared.resolved;
    let RunOptions { messages, json, top, special } = options;
    if settings.prompt.text.is_none() && settings.prompt.file.is_none() && messages.is_none() {
        return Err(usage(headless::RunError::NoPrompt));
    }
    if messages.is_some() && !settings.prompt.chat {
        return Err(usage(anyhow::anyhow!("--messages is for conversations: add --chat")));
    }
    // It changes nothing here, but a name that is wrong would pass unnoticed until the screen is wanted.
    let themes = ThemeStore::new(Some(prepared.paths.themes_folder()));
    themes.load(&settings.ui.theme, ColourDepth::True).map_err(usage)?;
    obtain_model(&mut settings, invocation)?;
    let job = Job { settings, given, json, top, special, messages };
    let interrupted = interrupted_by_signal()?;
    headless::run(&job, &mut io::stdout().lock(), &mut io::stderr(), &interrupted)?;
    Ok(0)
}

fn score(invocation: &Invocation, options: ScoreOptions) -> Result<u8> {
    let prepared = begin(invocation)?;
    let mut settings = prepared.resolved.settings;
    if settings.prompt.text.is_none() && settings.prompt.file.is_none() {
        return Err(usage(headless::RunError::NoPrompt));
    }
    // A given text is what its file says: a backslash is a backslash, unless asked otherwise.
    settings.prompt.escape = invocation.escape().unwrap_or(false);
    obtain_model(&mut settings, invocation)?;
    let ScoreOptions { windows, surprises, special, json, top } = options;
    let job = ScoreJob { settings, windows, json, top, surprises, special };
    let interrupted = interrupted_by_signal()?;
    headless::run_score(&job, &mut io::BufWriter::new(io::stdout().lock()), &interrupted)?;
    Ok(0)
}

fn compare(invocation: &Invocation, options: CompareOptions) -> Result<u8> {
    let mut prepared = begin(invocation)?;
    let lanes = cli::resolve_lanes(invocation, &options, &mut prepared.resolved, &prepared.config);
    let lanes = lanes.map_err(usage)?;
    let Resolved { mut settings, given } = prepared.resolved;
    obtain_model(&mut settings, invocation)?;
    let job = CompareJob {
        settings,
        given,
        lanes,
        seeds: options.seeds,
        own_seeds: options.own_seeds,
        prompts: options.prompts,
        json: options.form.json,
        html: options.form.html,
        special: options.form.special,
    };
    let interrupted = interrupted_by_signal()?;
    usage_or(headless::compare(&job, &mut io::stdout().lock(), &interrupted))
}

fn beam(invocation: &Invocation, options: BeamOptions) -> Result<u8> {
    let prepared = begin(invocation)?;
    options.beam.check().map_err(usage)?;
    if let Some(note) = options.about_beside_only() {
        let _ = writeln!(io::stderr(), "logitscope: {note}");
    }
    let Resolved { mut settings, given } = prepared.resolved;
    obtain_model(&mut settings, invocation)?;
    let BeamOptions { beam, form, .. } = options;
    let job = BeamJob { settings, given, beam, json: form.json, html: form.html, special: form.special };
    let interrupted = interrupted_by_signal()?;
    usage_or(headless::beam(&job, &mut io::stdout().lock(), &interrupted))
}

fn diffuse(invocation: &Invocation, mut request: DiffuseRequest) -> Result<u8> {
    let prepared = begin(invocation)?;
    request.diffusion.validate().map_err(usage)?;
    let Resolved { mut settings, given } = prepared.resolved;
    obtain_model(&mut settings, invocation)?;
    request.beside = obtain(request.beside, &settings, invocation)?;
    let job = DiffuseJob { settings, given, request };
    let interrupted = interrupted_by_signal()?;
    usage_or(headless::diffuse(&job, &mut io::stdout().lock(), &mut io::stderr(), &interrupted))
}

fn cost(invocation: &Invocation, request: CostRequest) -> Result<u8> {
    let prepared = begin(invocation)?;
    let Resolved { mut settings, given } = prepared.resolved;
    obtain_model(&mut settings, invocation)?;
    let job = CostJob { settings, given, request };
    let interrupted = interrupted_by_signal()?;
    headless::cost(&job, &mut io::stdout().lock(), &mut io::stderr(), &interrupted)?;
    Ok(0)
}

fn models(invocation: &Invocation, options: ModelsOptions) -> Result<u8> {
    let prepared = prepare(invocation)?;
    let ModelsOptions { search, sort, json } = options;
    let recent = logitscope::models::recent(&prepared.paths.recent_models_file());
    let job = ModelsJob { settings: prepared.resolved.settings.model, search, sort, json, recent };
    headless::models(&job, &mut io::BufWriter::new(io::stdout().lock()))?;
    Ok(0)
}

/// What of lessons the screen begins with.
#[derive(Default)]
struct Learning {
    /// Whether the Learn screen is shown.
    shown: bool,
    lesson: Option<String>,
    teacher: bool,
}

/// The lessons in the program and the user's own.
fn shelf(paths: &Paths) -> Shelf {
    let language = Language::of_environment(|name| std::env::var_os(name));
    match user_files(&paths.lessons_folder()) {
        Ok(own) => Shelf::new(&own, &language),
        Err(error) => {
            tracing::warn!("{error}");
            Shelf::new(&[], &language)
        }
    }
}

fn learn(invocation: &Invocation, options: LearnOptions) -> Result<u8> {
    let LearnOptions { what, teacher } = options;
    match what {
        LearnWhat::Play(lesson) => {
            if let Some(name) = &lesson {
                let paths = Paths::from_environment().map_err(usage)?;
                if shelf(&paths).find(name).is_none() {
                    let name = Shown::inline(name).into_owned();
                    return Err(usage(anyhow::anyhow!(
                        "there is no lesson “{name}”: logitscope learn --list names them"
                    )));
                }
            }
            leave_at_once(status(interactive(invocation, Learning { shown: true, lesson, teacher })))
        }
        LearnWhat::List => {
            let paths = Paths::from_environment().map_err(usage)?;
            let (progress, _) = Memory::new(&paths).progress();
            lessons::list(&shelf(&paths), &progress, teacher, &mut io::BufWriter::new(io::stdout().lock()))?;
            Ok(0)
        }
        LearnWhat::Check(folder, lesson) => {
            leave_at_once(status(check_lessons(invocation, folder.as_deref(), lesson.as_deref())))
        }
    }
}

/// Writes a chapter's lessons as a page to print.
fn handout(invocation: &Invocation, options: &HandoutOptions) -> Result<u8> {
    let prepared = begin(invocation)?;
    let files = user_files(&prepared.paths.lessons_folder())?;
    let lang = options.lang.clone();
    let lang = lang.unwrap_or_else(|| Language::of_environment(|name| std::env::var_os(name)));
    let shelf = Shelf::new(&files, &lang);
    for fault in shelf.faults() {
        let _ = writeln!(io::stderr(), "logitscope: {}", Shown::inline(&fault.to_string()));
    }
    let page = lessons::hand_out(&shelf, options.chapter)?;
    match &options.output {
        Some(file) => {
            fs::write(file, page).with_context(|| format!("{} cannot be written", Shown::path(file)))?;
        }
        None => io::stdout().lock().write_all(page.as_bytes())?,
    }
    Ok(0)
}

/// Plays lessons by machine, on the model in the program and with settings as it starts with them.
fn check_lessons(invocation: &Invocation, folder: Option<&Path>, name: Option<&str>) -> Result<u8> {
    let prepared = begin(invocation)?;
    let own = prepared.paths.lessons_folder();
    let files = user_files(folder.unwrap_or(&own))?;
    let lessons = match folder {
        Some(_) => Shelf::of(&files),
        None => Shelf::new(&files, &Language::of_environment(|name| std::env::var_os(name))),
    };
    let wrong = lessons::check_all(&lessons, name, &mut io::stdout().lock())?;
    Ok(u8::from(wrong))
}

fn speculate(invocation: &Invocation, mut request: SpeculateRequest) -> Result<u8> {
    let prepared = begin(invocation)?;
    request.setup.settings.validate().map_err(usage)?;
    for notice in &request.setup.notices {
        let _ = writeln!(io::stderr(), "note: {notice}");
    }
    let Resolved { mut settings, given } = prepared.resolved;
    obtain_model(&mut settings, invocation)?;
    request.setup.draft.path = obtain(request.setup.draft.path.take(), &settings, invocation)?;
    let job = SpeculateJob { settings, given, request };
    let interrupted = interrupted_by_signal()?;
    usage_or(headless::speculate(&job, &mut io::stdout().lock(), &mut io::stderr(), &interrupted))
}

/// What was left out on the command line is wrong usage; everything else that fails is a failure.
fn usage_or(result: Result<(), headless::RunError>) -> Result<u8> {
    use headless::RunError::{NoDraftModel, NoPrompt, NothingToCompare};
    match result {
        Ok(()) => Ok(0),
        Err(error @ (NoPrompt | NothingToCompare | NoDraftModel)) => Err(usage(error)),
        Err(error) => Err(error.into()),
    }
}

/// A flag that the first SIGINT, SIGTERM or SIGHUP sets; a second one ends the process.
fn interrupted_by_signal() -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    std::thread::Builder::new().name("interrupt".into()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(async {
                while signals.next().await.exit_status().is_none() {}
                set.store(true, Ordering::Relaxed);
            });
        }
    })?;
    Ok(flag)
}

fn interactive(invocation: &Invocation, learning: Learning) -> Result<u8> {
    if let Err(missing) = tty::check_tty() {
        eprintln!("logitscope: {missing}");
        return Ok(tty::NoTerminal::EXIT_STATUS);
    }
    let mut prepared = prepare(invocation)?;
    let log_file = start_log(invocation, &prepared.paths)?;
    let folder = model_or_folder(&mut prepared.resolved.settings, invocation)?;
    let mouse = prepared.resolved.settings.ui.mouse;
    let memory = Memory::new(&prepared.paths);
    let reach = reach(&prepared.resolved.settings, invocation);
    let mut setup = setup(prepared, &memory, (reach, folder), log_file, invocation).map_err(usage)?;
    let Learning { shown, lesson, teacher } = learning;
    setup.first_start &= !shown;
    setup.learn = LearnSetup { shown, lesson, teacher, ..setup.learn };
    match event_loop::run(setup, memory, mouse) {
        // The panic that took the terminal has said what happened.
        Err(TerminalError::Lost) => Ok(TerminalError::PANIC_EXIT_STATUS),
        result => Ok(result?),
    }
}

fn setup(
    prepared: Prepared,
    memory: &Memory,
    (reach, folder): (Reach, Option<PathBuf>),
    log_file: PathBuf,
    invocation: &Invocation,
) -> Result<Setup> {
    let speculation = invocation.speculation().clone();
    speculation.settings.validate()?;
    let Prepared { paths, config, resolved: Resolved { settings, given } } = prepared;
    let keymap_file = paths.keymap_file();
    let keymap = if keymap_file.exists() { Keymap::load(&keymap_file)? } else { Keymap::default() };
    let depth = ColourDepth::detect(|name| std::env::var(name).ok());
    let themes = ThemeStore::new(Some(paths.themes_folder()));
    let theme = themes.load(&settings.ui.theme, depth)?;
    let presets = config.all_presets();
    let preset = presets.iter().position(|preset| diff(&settings.sampling, preset).is_empty());
    if settings.prompt.file.as_deref() == Some(Path::new("-")) {
        anyhow::bail!(
            "-f -: the screen reads the keys from standard input, so the prompt cannot come from there; `run` and `score` can read it"
        );
    }
    let example = EXAMPLES[0];
    let prompt = PromptText {
        text: settings.prompt.load()?.unwrap_or_else(|| example.text.to_owned()),
        chat: settings.prompt.chat,
        system: settings.prompt.system.clone(),
    };
    let (progress, notice) = memory.progress();
    let learn = LearnSetup { shelf: shelf(&paths), progress, notice, ..LearnSetup::default() };
    Ok(Setup {
        learn,
        given,
        prompt,
        presets,
        preset: preset.unwrap_or(0),
        keymap,
        themes,
        theme,
        depth,
        history: memory.prompts(),
        first_start: memory.is_first_start(),
        reach,
        folder,
        log_file: Some(log_file),
        speculation,
        size: (0, 0),
        settings,
    })
}
