//! docs/lessons.md and the lessons say the same of which lesson answers which question.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use logitscope::{
    lesson::{Lesson, NAMES, QUESTIONS},
    runtime::lessons::check,
    toml_source::TomlSource,
};
use support::markdown::{page, root};

/// The questions of the table, each with the lessons that are named there.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let page = page("docs/lessons.md");
    let (_, rest) = page.text.split_once("<!-- questions:").expect("the table begins");
    let (table, _) = rest.split_once("<!-- end of questions -->").expect("the table ends");
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells.first()?.strip_prefix('`')?.strip_suffix('`')?;
        let lessons = cells.get(2)?.split(',').map(|lesson| lesson.trim().to_owned()).collect();
        Some((name.to_owned(), lessons))
    };
    table.lines().filter_map(row).collect()
}

/// The names in the key `answers` of every built-in lesson.
fn lessons() -> BTreeMap<String, BTreeSet<String>> {
    let folder = root().join("assets/lessons");
    let files = fs::read_dir(folder).expect("there are lessons");
    let lessons: BTreeMap<_, _> = files
        .map(|entry| {
            let path = entry.expect("it can be read").path();
            let text = fs::read_to_string(&path).expect("a lesson is text");
            let lesson: toml::Table = text.parse().expect("a lesson is TOML");
            let answers = lesson["answers"].as_array().expect("`answers` is a list").iter();
            let answers = answers.map(|name| name.as_str().expect("a name").to_owned()).collect();
            (path.file_stem().expect("a name").to_string_lossy().into_owned(), answers)
        })
        .collect();
    assert!(lessons.len() >= 20, "only {} lessons", lessons.len());
    lessons
}

#[test]
fn the_table_names_the_lessons_that_answer_each_question() {
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (lesson, answers) in lessons() {
        for question in answers {
            expected.entry(question).or_default().insert(lesson.clone());
        }
    }
    assert_eq!(
        table(),
        expected,
        "docs/lessons.md on the left, the key `answers` of the lessons on the right"
    );
}

#[test]
fn every_lesson_answers_something_and_every_chapter_has_lessons() {
    let lessons = lessons();
    let without: Vec<_> = lessons.iter().filter(|(_, answers)| answers.is_empty()).collect();
    assert!(without.is_empty(), "{without:?}");
    for chapter in 1..=5 {
        let count = lessons.keys().filter(|name| name.starts_with(&format!("{chapter}-"))).count();
        assert!(count >= 3, "chapter {chapter} has {count}");
    }
}

/// The questions that a class asks, each of which must be answered by a lesson that exists.
#[test]
fn no_question_is_left_without_a_lesson() {
    let table = table();
    let missing: Vec<_> = QUESTIONS.iter().filter(|name| !table.contains_key(**name)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in the table of docs/lessons.md");
}

#[test]
fn the_page_names_all_that_an_expression_sees() {
    let page = page("docs/lessons.md");
    let (_, rest) = page.text.split_once("<!-- what expressions see -->").expect("the table begins");
    let code: BTreeSet<&str> = rest.split('`').skip(1).step_by(2).collect();
    let named = |name: &&str| {
        code.iter().any(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_').next() == Some(*name))
    };
    let missing: Vec<_> = NAMES.iter().filter(|name| !named(name)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in docs/lessons.md");
}

/// The lesson that the page shows as a template can be played.
#[test]
fn the_template_of_the_page_is_a_lesson() {
    let code = page("docs/lessons.md").code("toml").join("\n");
    let source = TomlSource { file: "docs/lessons.md", text: &code };
    let lesson = Lesson::parse("2-05-draw", &source).expect("it is a lesson");
    let checked = check(&Arc::new(lesson)).expect("it can be played");
    assert_eq!(checked.answers, ["“On a less likely one”"]);
}
