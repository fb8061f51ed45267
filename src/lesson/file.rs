//! A lesson file, read.

use super::{
    Ask, CHAPTERS, Kind, Language, Lesson, LessonFault, LessonStep, QUESTIONS, Wait,
    reader::{Reader, Table},
    set_up,
};
use crate::toml_source::{TomlSource, closest};

const KEYS: [&str; 9] =
    ["title", "lang", "chapter", "minutes", "able", "answers", "teacher", "shows", "step"];
const STEP: [&str; 7] = ["say", "set", "wait", "ask", "why", "hint", "teacher"];
const WAIT: [&str; 4] = ["until", "say", "play", "set"];
const ASK: [&str; 9] = ["kind", "text", "options", "right", "tolerance", "unit", "set", "reveal", "compare"];

/// Options of a question at most: each has a digit.
const MOST_OPTIONS: usize = 9;
/// Steps of a lesson at most.
const MOST_STEPS: usize = 99;

impl Lesson {
    /// Reads a lesson; `name` is that of its file. What is wrong is told with its line, every mistake.
    pub fn parse(name: &str, source: &TomlSource<'_>) -> Result<Self, Vec<LessonFault>> {
        let table = source.parse().map_err(|error| {
            vec![LessonFault {
                file: error.file,
                line: error.line,
                what: format!("not valid TOML: {}", error.problem),
            }]
        })?;
        let reader = Reader { source, faults: Vec::new().into() };
        let lesson = read(name, &reader.table("a lesson", 1, &table, &KEYS));
        let mut faults = reader.faults.into_inner();
        faults.sort_by_key(|fault| fault.line);
        match lesson {
            Some(lesson) if faults.is_empty() => Ok(lesson),
            _ => Err(faults),
        }
    }
}

fn read(name: &str, table: &Table<'_, '_, '_, '_>) -> Option<Lesson> {
    let number_of_chapters = CHAPTERS.len() as u32;
    for key in ["chapter", "minutes"] {
        if !table.has(key) {
            table.reader.fault(table.line, format!("a lesson lacks `{key}`"));
        }
    }
    let (title, able) = (table.needed("title"), table.needed("able"));
    let (chapter, minutes) =
        (table.whole("chapter", 1..=number_of_chapters), table.whole("minutes", 1..=240));
    let lang = lang(table);
    let answers = answers(table);
    let steps = steps(table);
    Some(Lesson {
        file: table.reader.source.file.to_owned(),
        name: name.to_owned(),
        title: title?.0,
        lang,
        chapter: chapter? as usize,
        minutes: minutes?,
        able: able?.0,
        answers,
        teacher: table.text("teacher").map(|(text, _)| text),
        shows: table.text("shows").map(|(text, _)| text),
        steps: steps?,
    })
}

fn lang(table: &Table<'_, '_, '_, '_>) -> Language {
    let Some((code, line)) = table.text("lang") else { return Language::default() };
    Language::of_code(&code).unwrap_or_else(|| {
        table.reader.fault(line, format!("`lang` is `{code}`, expected a code like en or de"));
        Language::default()
    })
}

fn answers(table: &Table<'_, '_, '_, '_>) -> Vec<String> {
    let mut answers = Vec::new();
    for (name, line) in table.texts("answers") {
        if QUESTIONS.contains(&name.as_str()) {
            answers.push(name);
        } else {
            let expected = match closest(&name, QUESTIONS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the questions are {}", QUESTIONS.join(", ")),
            };
            table.reader.fault(line, format!("there is no question `{name}`; {expected}"));
        }
    }
    answers
}

fn steps(table: &Table<'_, '_, '_, '_>) -> Option<Vec<LessonStep>> {
    if !table.has("step") {
        table.reader.fault(table.line, "a lesson needs at least one [[step]]");
        return None;
    }
    let (list, line) = table.list("step")?;
    if list.is_empty() || list.len() > MOST_STEPS {
        table.reader.fault(line, format!("a lesson has 1 to {MOST_STEPS} steps, this has {}", list.len()));
    }
    let mut steps = Vec::new();
    for value in list {
        let line = table.reader.source.line(&value.span());
        let Some(inner) = value.get_ref().as_table() else {
            table.reader.fault(line, "a step is a table, written [[step]]");
            continue;
        };
        steps.extend(step(&table.reader.table("a step", line, inner, &STEP)));
    }
    Some(steps)
}

fn step(table: &Table<'_, '_, '_, '_>) -> Option<LessonStep> {
    let asks = table.has("ask");
    let (say, set, wait, ask) = (table.needed_prose("say"), set_up::read(table), wait(table), ask(table));
    let (why, hint, teacher) =
        (table.prose("why", asks), table.prose("hint", false), table.prose("teacher", false));
    Some(LessonStep { line: table.line, say: say?, set, wait, ask, why, hint, teacher })
}

fn wait(outer: &Table<'_, '_, '_, '_>) -> Option<Wait> {
    let (table, line) = outer.sub("wait")?;
    let table = outer.reader.table("`wait`", line, table, &WAIT);
    let set = table.has("set").then(|| set_up::read(&table));
    let play = table.actions("play");
    if set.is_none() && play.is_empty() && !table.has("play") {
        table.reader.fault(line, "`wait` lacks `play` or `set`: what reaches it");
    }
    let (until, say) = (table.needed_expression("until"), table.prose("say", false));
    Some(Wait { line, until: until?, say, play, set })
}

fn ask(outer: &Table<'_, '_, '_, '_>) -> Option<Ask> {
    let (table, line) = outer.sub("ask")?;
    let table = outer.reader.table("`ask`", line, table, &ASK);
    if !table.has("kind") {
        table.reader.fault(line, "`ask` lacks `kind`");
    }
    let kind = table.one_of("kind", &Kind::ALL).map(|(_, kind)| kind);
    let options = table.texts("options");
    if let Some(kind) = kind {
        check(&table, kind, options.len());
    }
    let options = options.iter().filter_map(|(text, line)| table.reader.prose(text, *line, false)).collect();
    let (text, right) = (table.needed_prose("text"), table.needed_expression("right"));
    Some(Ask {
        line,
        kind: kind?,
        text: text?,
        options,
        right: right?,
        tolerance: table.positive("tolerance"),
        unit: table.text("unit").map(|(text, _)| text),
        set: set_up::read(&table),
        reveal: table.actions("reveal"),
        compare: table.prose("compare", true),
    })
}

/// Whether the keys fit the kind of the question.
fn check(table: &Table<'_, '_, '_, '_>, kind: Kind, options: usize) {
    let name = Kind::ALL.iter().find(|(_, other)| *other == kind).map_or("", |(name, _)| name);
    let line_of = |key: &str| table.get(key).map_or(table.line, |found| found.line);
    if kind.has_options() && !(2..=MOST_OPTIONS).contains(&options) {
        let what = format!("a question of kind {name} has 2 to {MOST_OPTIONS} `options`, this has {options}");
        table.reader.fault(line_of("options"), what);
    }
    let numeric = matches!(kind, Kind::Number | Kind::Place);
    let useless = [("options", !kind.has_options()), ("tolerance", !numeric), ("unit", kind != Kind::Number)];
    for (key, useless) in useless {
        if useless && table.has(key) {
            table.reader.fault(line_of(key), format!("a question of kind {name} has no `{key}`"));
        }
    }
}
