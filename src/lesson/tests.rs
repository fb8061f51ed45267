//! Files with mistakes, answers of every kind, and the shelf.

use minijinja::Value;
use proptest::prelude::*;

use super::*;
use crate::toml_source::TomlSource;

const HEAD: &str = "title = \"T\"\nchapter = 1\nminutes = 5\nable = \"You can.\"\n";

fn parse(text: &str) -> Result<Lesson, String> {
    let source = TomlSource { file: "l.toml", text };
    Lesson::parse("l", &source)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// What is wrong with a lesson of the usual head and these lines, which begin on line 5.
fn wrong(lines: &str) -> String {
    parse(&format!("{HEAD}{lines}")).expect_err("refused")
}

fn ask(lines: &str) -> Ask {
    let text = format!("{HEAD}[[step]]\nsay = \"s\"\n[step.ask]\ntext = \"q\"\n{lines}");
    parse(&text).expect("valid").steps.remove(0).ask.expect("a question")
}

#[test]
fn a_whole_lesson_is_read() {
    let text = r#"title = "Where does it land?"
lang = "de"
chapter = 2
minutes = 6
able = "You can tell."
answers = ["softmax", "deterministic"]
teacher = "Ask for hands."
shows = "On the built-in model."

[[step]]
say = "Look at {{ text }}."
hint = "A hint."
teacher = "A note."
why = "Because {{ right }}."
[step.set]
model = "built-in"
screen = "xray"
panel = "draft-sweep"
prompt = "One day"
seed = 42
reset = true
sampling = { temperature = 1.5, top-k = 40 }
stop = { max-tokens = 20, strings = ["\n6."] }
do = ["step", "edit-prompt"]
text = "abc"
[step.wait]
until = "temperature < 0.3"
play = ["decrease"]
[step.ask]
kind = "choice"
text = "Which?"
options = ["a", "{{ text }}"]
right = "1"
reveal = ["step"]
compare = "you said {{ answer }}, it is {{ right }}"
"#;
    let lesson = parse(text).expect("valid");
    assert_eq!(
        (lesson.title.as_str(), lesson.lang.code(), lesson.chapter, lesson.minutes),
        ("Where does it land?", "de", 2, 6)
    );
    assert_eq!(lesson.answers, ["softmax", "deterministic"]);
    let step = &lesson.steps[0];
    assert_eq!((step.line, step.set.line), (10, 15));
    assert_eq!(step.set.model, ModelWanted::BuiltIn);
    assert_eq!(
        (step.set.screen, step.set.panel),
        (Some(crate::keymap::Action::ShowXray), Some("draft-sweep"))
    );
    assert_eq!(
        (step.set.sampling.temperature, step.set.sampling.top_k, step.set.sampling.seed),
        (Some(1.5), Some(40), Some(Some(42)))
    );
    assert_eq!(step.set.stop.as_ref().and_then(|stop| stop.predict), Some(20));
    assert_eq!(step.set.actions.len(), 2);
    let wait = step.wait.as_ref().expect("a wait");
    assert_eq!((wait.until.line(), wait.until.names().len()), (27, 1));
    let ask = step.ask.as_ref().expect("a question");
    assert_eq!((ask.kind, ask.options.len(), ask.reveal.len()), (Kind::Choice, 2, 1));
    assert_eq!(lesson.questions(), 1);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a line or two for each mistake")]
fn every_mistake_is_told_with_its_line() {
    let step = "[[step]]\nsay = \"s\"\n";
    let in_set = |line: &str| format!("{step}[step.set]\n{line}\n");
    let in_ask =
        |line: &str| format!("{step}[step.ask]\nkind = \"number\"\ntext = \"q\"\nright = \"1\"\n{line}\n");
    let cases: Vec<(String, &str)> = vec![
        ("[[step]\n".into(), "l.toml, line 5: not valid TOML: "),
        ("step = 3\n".into(), "l.toml, line 5: `step` is a integer, expected a list in [ ]"),
        ("step = []\n".into(), "l.toml, line 5: a lesson has 1 to 99 steps, this has 0"),
        ("step = [3]\n".into(), "l.toml, line 5: a step is a table, written [[step]]"),
        (String::new(), "l.toml, line 1: a lesson needs at least one [[step]]"),
        ("[[step]]\n".into(), "l.toml, line 5: a step lacks `say`"),
        ("[[step]]\nsay = 3\n".into(), "l.toml, line 6: `say` is a integer, expected a text in quotes"),
        ("[[step]]\nsay = \" \"\n".into(), "l.toml, line 6: `say` is empty"),
        (format!("{step}sayy = \"x\"\n"), "l.toml, line 7: a step has no `sayy`; did you mean `say`?"),
        ("[[step]]\nsay = \"{{ text \"\n".into(), "l.toml, line 6: `{{ text `: "),
        (
            "[[step]]\nsay = \"{{ txt }}\"\n".into(),
            "l.toml, line 6: `{{ txt }}`: there is no `txt`; did you mean `text`?",
        ),
        (
            format!("{step}why = \"it is {{{{ right }}}}\"\n"),
            "l.toml, line 7: `it is {{ right }}`: there is no `right`",
        ),
        (in_set("model = \"big\""), "l.toml, line 8: there is no model `big`; expected present, built-in"),
        (in_set("screen = \"stpe\""), "l.toml, line 8: there is no screen `stpe`; did you mean `step`?"),
        (in_set("panel = \"drw\""), "l.toml, line 8: there is no panel `drw`; did you mean `draw`?"),
        (in_set("seed = -1"), "l.toml, line 8: `seed` is -1, expected a whole number from 0 to 4294967295"),
        (in_set("reset = \"yes\""), "l.toml, line 8: `reset` is a string, expected true or false"),
        (in_set("prompt = 1"), "l.toml, line 8: `prompt` is a integer, expected a text in quotes"),
        (in_set("do = [\"step*0\"]"), "l.toml, line 8: `do`: behind step* stands how often, 1 to 512"),
        (in_set("do = [\"step*x\"]"), "l.toml, line 8: `do`: behind step* stands how often, 1 to 512"),
        (
            in_set("do = [\"stepp*2\"]"),
            "l.toml, line 8: `do`: there is no action `stepp`; did you mean `step`?",
        ),
        (
            in_ask("set = { screen = \"stpe\" }"),
            "l.toml, line 11: there is no screen `stpe`; did you mean `step`?",
        ),
        (in_set("sampling = 3"), "l.toml, line 8: `sampling` is a integer, expected a table"),
        (
            in_set("sampling = { temprature = 1 }"),
            "l.toml, line 8: `sampling` has no setting `temprature`; did you mean `temperature`?",
        ),
        (
            in_set("sampling = { temperature = \"hot\" }"),
            "l.toml, line 8: `sampling.temperature`: invalid type: string \"hot\"",
        ),
        (
            in_set("sampling = { top-p = 1.5 }"),
            "l.toml, line 8: `sampling.top-p`: --top-p 1.5: expected a number from 0 to 1",
        ),
        (
            in_set("stop = { stings = [] }"),
            "l.toml, line 8: `stop` has no setting `stings`; did you mean `strings`?",
        ),
        (in_set("stop = { strings = [\"\"] }"), "l.toml, line 8: `stop.strings`: --stop"),
        (
            in_set("do = [\"stepp\"]"),
            "l.toml, line 8: `do`: there is no action `stepp`; did you mean `step`?",
        ),
        (
            in_set("do = [\"quit\"]"),
            "l.toml, line 8: `do`: there is no action `quit`; a lesson cannot press it",
        ),
        (in_set("do = [3]"), "l.toml, line 8: `do` holds a integer, expected texts in quotes"),
        (in_set("text = \"abc\""), "l.toml, line 7: `text` is typed into what `do` has opened"),
        (in_set("scren = \"step\""), "l.toml, line 8: `set` has no `scren`; did you mean `screen`?"),
        (
            format!("{step}[step.wait]\nuntil = \"seed == 1\"\n"),
            "l.toml, line 7: `wait` lacks `play` or `set`",
        ),
        (format!("{step}[step.wait]\nplay = []\n"), "l.toml, line 7: `wait` lacks `until`"),
        (format!("{step}[step.wait]\nplay = []\nuntil = \"1 +\"\n"), "l.toml, line 9: `1 +`: "),
        (format!("{step}[step.ask]\ntext = \"q\"\nright = \"1\"\n"), "l.toml, line 7: `ask` lacks `kind`"),
        (
            format!("{step}[step.ask]\nkind = \"number\"\nright = \"1\"\n"),
            "l.toml, line 7: `ask` lacks `text`",
        ),
        (
            format!("{step}[step.ask]\nkind = \"number\"\ntext = \"q\"\n"),
            "l.toml, line 7: `ask` lacks `right`",
        ),
        (
            format!("{step}[step.ask]\nkind = \"choise\"\ntext = \"q\"\nright = \"1\"\n"),
            "l.toml, line 8: there is no kind `choise`; did you mean `choice`?",
        ),
        (
            format!("{step}[step.ask]\nkind = \"choice\"\ntext = \"q\"\nright = \"1\"\noptions = [\"a\"]\n"),
            "l.toml, line 11: a question of kind choice has 2 to 9 `options`, this has 1",
        ),
        (
            format!("{step}[step.ask]\nkind = \"order\"\ntext = \"q\"\nright = \"1\"\n"),
            "l.toml, line 7: a question of kind order has 2 to 9 `options`, this has 0",
        ),
        (in_ask("options = [\"a\", \"b\"]"), "l.toml, line 11: a question of kind number has no `options`"),
        (in_ask("tolerance = -0.5"), "l.toml, line 11: `tolerance` is -0.5, expected a number, 0 or more"),
        (
            in_ask("reveal = [\"setp\"]"),
            "l.toml, line 11: `reveal`: there is no action `setp`; did you mean `step`?",
        ),
        (
            in_ask("compare = \"{{ asnwer }}\""),
            "l.toml, line 11: `{{ asnwer }}`: there is no `asnwer`; did you mean `answer`?",
        ),
        (
            format!("{step}[step.ask]\nkind = \"token\"\ntext = \"q\"\nright = \"1\"\ntolerance = 1\n"),
            "l.toml, line 11: a question of kind token has no `tolerance`",
        ),
        (
            format!("{step}[step.ask]\nkind = \"place\"\ntext = \"q\"\nright = \"1\"\nunit = \"%\"\n"),
            "l.toml, line 11: a question of kind place has no `unit`",
        ),
    ];
    for (lines, expected) in cases {
        let told = wrong(&lines);
        assert!(told.starts_with(expected), "{lines}\n{told}\nexpected {expected}");
    }
}

#[test]
fn every_mistake_of_the_head_is_told_with_its_line() {
    let rest = "[[step]]\nsay = \"s\"\n";
    let cases = [
        ("chapter = 1\nminutes = 5\nable = \"a\"\n", "l.toml, line 1: a lesson lacks `title`"),
        ("title = \"t\"\nminutes = 5\nable = \"a\"\n", "l.toml, line 1: a lesson lacks `chapter`"),
        ("title = \"t\"\nchapter = 1\nable = \"a\"\n", "l.toml, line 1: a lesson lacks `minutes`"),
        ("title = \"t\"\nchapter = 1\nminutes = 5\n", "l.toml, line 1: a lesson lacks `able`"),
        (
            "title = \"t\"\nchapter = 6\nminutes = 5\nable = \"a\"\n",
            "l.toml, line 2: `chapter` is 6, expected a whole number from 1 to 5",
        ),
        (
            "title = \"t\"\nchapter = 1\nminutes = 0.5\nable = \"a\"\n",
            "l.toml, line 3: `minutes` is 0.5, expected a whole number from 1 to 240",
        ),
        (
            "title = \"t\"\nchapter = 1\nminutes = 5\nable = \"a\"\nlang = \"English\"\n",
            "l.toml, line 5: `lang` is `English`, expected a code",
        ),
        (
            "title = \"t\"\nchapter = 1\nminutes = 5\nable = \"a\"\nanswers = [\"sofmax\"]\n",
            "l.toml, line 5: there is no question `sofmax`; did you mean `softmax`?",
        ),
        ("titel = \"t\"\n", "l.toml, line 1: a lesson lacks `title`"),
    ];
    for (head, expected) in cases {
        let told = parse(&format!("{head}{rest}")).expect_err("refused");
        assert!(told.starts_with(expected) || told.contains(expected), "{head}\n{told}");
    }
    let many = parse("titel = \"t\"\nchapter = 9\nminutes = 5\nable = \"a\"\n[[step]]\nsay = \"{{ x\"\n")
        .expect_err("refused");
    assert_eq!(many.lines().count(), 4, "all of them: {many}");
}

#[test]
fn what_a_reveal_sets_up_and_presses_is_read() {
    let ask = ask("kind = \"number\"\nright = \"1\"\nreveal = [\"restart\", \"step*3\"]\n\
         set = { seed = 7, prompt = \"One\", sampling = { top_k = 5 } }\n");
    let step = crate::keymap::Action::Step;
    assert_eq!(ask.reveal, [crate::keymap::Action::Restart, step, step, step]);
    assert_eq!((ask.set.sampling.seed, ask.set.sampling.top_k), (Some(Some(7)), Some(5)));
    assert_eq!(ask.set.prompt.as_deref(), Some("One"));
}

#[test]
fn names_that_are_cut_are_seen() {
    for source in ["tokens[1:] | length", "1 if text[:1] == 'a' else 0", "(tokens[:generated] | last).id"] {
        let names: Vec<_> = Expression::parse(source, 1).expect("valid").names().iter().copied().collect();
        assert!(names.contains(&"tokens") || names.contains(&"text"), "{source}: {names:?}");
    }
    let prose =
        Prose::parse("What it costs: the cost. {% for t in tokens[1:] %}{{ t.text }}{% endfor %}", 1, false);
    let names: Vec<_> = prose.expect("valid").names().iter().copied().collect();
    assert_eq!(names, ["tokens"], "words and fields are no names");
}

#[test]
fn expressions_are_worked_out_and_what_is_not_there_is_an_error() {
    let scope = Scope::from([
        ("temperature", Value::from(0.5)),
        (
            "step",
            Part::value(
                "step",
                vec![("u", Value::from(0.25)), ("rest", Value::from_function(|n: usize| 1.0 / n as f64))],
            ),
        ),
    ]);
    let value = |source: &str| {
        Expression::parse(source, 3).map_err(|m| m.to_string())?.value(&scope).map_err(|m| m.to_string())
    };
    assert_eq!(value("temperature * 2").map(|v| v.to_string()), Ok("1.0".into()));
    assert_eq!(value("step.rest(4)").map(|v| v.to_string()), Ok("0.25".into()));
    let halves = value("softmax([1, 1])").expect("numbers");
    assert_eq!(halves.to_string(), "[0.5, 0.5]");
    // e^(1/0.5) = 7.389…, so the first has 7.389 / 8.389.
    assert_eq!(value("softmax([1, 0], t=0.5)[0] | fixed(3)").map(|v| v.to_string()), Ok("0.881".into()));
    assert_eq!(value("0.344 | pct").map(|v| v.to_string()), Ok("34 %".into()));
    assert_eq!(value("\" a\" | shown").map(|v| v.to_string()), Ok("␣a".into()));
    for (source, why) in [
        ("seed", "there is no `seed` now"),
        ("step.ress", "step has no `ress`; did you mean `rest`?"),
        ("step.uu < 0.3", "step has no `uu`"),
        ("step.frobnicate(1)", "not callable"),
        ("softmax([])", "softmax needs finite numbers"),
        ("softmax([1], t=0)", "softmax needs a temperature above 0"),
        ("softmax([1], x=0)", "unknown keyword argument"),
        ("temperatur", "did you mean `temperature`?"),
        ("[1, 2][5]", "it names something that is not there"),
        ("temperature | frob", "frob"),
        ("1 +", "unexpected end"),
    ] {
        let told = value(source).map(|v| v.to_string()).expect_err(source);
        assert!(told.starts_with(&format!("`{source}`: ")) && told.contains(why), "{source}: {told}");
    }
    let endless =
        "range(99999) | map(\"string\") | join | length + (range(99999) | map(\"string\") | join | length)";
    assert!(value(endless).is_ok() || value(endless).is_err(), "it comes to an end");
}

#[test]
fn a_number_is_right_within_its_tolerance() {
    let question = ask("kind = \"number\"\nright = \"1\"\nunit = \"%\"\ntolerance = 0.1\n");
    let judge = |typed: &str, truth: f64| {
        let said = question.read(typed)?;
        let truth = question.truth(&Value::from(truth), &[])?;
        Ok::<_, String>(question.judge(&said, &truth, &[]))
    };
    let verdict = judge("60", 0.344).expect("read");
    assert_eq!((verdict.right, verdict.said.as_str(), verdict.truth.as_str()), (false, "60 %", "34 %"));
    assert!(judge("40 %", 0.344).expect("read").right);
    assert!(judge("44,4", 0.344).expect("read").right, "the edge counts");
    assert!(!judge("44.5", 0.344).expect("read").right);
    for nonsense in ["", "  ", "lots", "3 4", "inf", "nan", "%"] {
        assert!(judge(nonsense, 0.3).is_err(), "{nonsense}");
    }
    let plain = ask("kind = \"number\"\nright = \"1\"\n");
    let of = |typed: &str, truth: i32| {
        let truth = plain.truth(&Value::from(truth), &[]).expect("a number");
        plain.judge(&plain.read(typed).expect("read"), &truth, &[]).right
    };
    assert!(of("105", 100) && !of("106", 100), "a twentieth");
    assert!(of("0", 0) && !of("1", 0));
    for value in [Value::from("abc"), Value::from(f64::NAN), Value::from(true), Value::from(())] {
        assert!(plain.truth(&value, &[]).is_err(), "{value:?}");
    }
}

#[test]
fn a_choice_is_an_index_or_a_text() {
    let question = ask("kind = \"choice\"\nright = \"1\"\noptions = [\"a\", \"b\"]\n");
    let options = ["a".to_owned(), "b".to_owned()];
    for right in [Value::from(1), Value::from("b")] {
        assert_eq!(question.truth(&right, &options), Ok(Answer::Choice(1)));
    }
    assert_eq!(question.read(" 2 "), Ok(Answer::Choice(1)));
    let verdict = question.judge(&Answer::Choice(0), &Answer::Choice(1), &options);
    assert_eq!((verdict.right, verdict.said.as_str(), verdict.truth.as_str()), (false, "“a”", "“b”"));
    assert!(question.judge(&Answer::Choice(1), &Answer::Choice(1), &options).right);
    for nonsense in ["", "0", "3", "b", "1.5", "-1"] {
        assert!(question.read(nonsense).is_err(), "{nonsense}");
    }
    for value in [Value::from(2), Value::from(-1), Value::from("c"), Value::from(0.5), Value::from(())] {
        assert!(question.truth(&value, &options).is_err(), "{value:?}");
    }
}

#[test]
fn a_token_is_compared_as_a_word() {
    let question = ask("kind = \"token\"\nright = \"step.chosen.text\"\n");
    let truth = question.truth(&Value::from(" girl"), &[]).expect("a text");
    let is = |typed: &str| question.judge(&question.read(typed).expect("read"), &truth, &[]).right;
    assert!(is("girl") && is("Girl") && is("␣girl") && !is("boy"));
    let space = question.truth(&Value::from(" "), &[]).expect("a text");
    assert!(question.judge(&Answer::Token("␣".into()), &space, &[]).right, "a token of a space");
    assert!(question.read("").is_err() && question.truth(&Value::from(3), &[]).is_err());
}

#[test]
fn a_place_lies_on_the_ruler() {
    let question = ask("kind = \"place\"\nright = \"step.u\"\ntolerance = 0.02\n");
    let truth = question.truth(&Value::from(0.37), &[]).expect("a place");
    let is = |typed: &str| question.read(typed).map(|said| question.judge(&said, &truth, &[]).right);
    assert_eq!((is("0.38"), is("0,36"), is("37 %"), is("0.5")), (Ok(true), Ok(true), Ok(true), Ok(false)));
    assert!(is("1.5").is_err() && is("-0.1").is_err() && is("left").is_err() && is("").is_err());
    assert!(question.truth(&Value::from(1.5), &[]).is_err());
}

#[test]
fn an_order_names_each_option_once() {
    let question = ask("kind = \"order\"\nright = \"[1, 0, 2]\"\noptions = [\"a\", \"b\", \"c\"]\n");
    let options = ["a", "b", "c"].map(str::to_owned);
    let truth = question.truth(&Value::from(vec![1, 0, 2]), &options).expect("an order");
    let is = |typed: &str| question.read(typed).map(|said| question.judge(&said, &truth, &options).right);
    assert_eq!(
        (is("213"), is("2 1 3"), is("2, 1, 3"), is("2 > 1 > 3"), is("123")),
        (Ok(true), Ok(true), Ok(true), Ok(true), Ok(false))
    );
    for nonsense in ["", "12", "1123", "124", "abc", "0 1 2"] {
        assert!(is(nonsense).is_err(), "{nonsense}");
    }
    for value in [Value::from(vec![0, 1]), Value::from(vec![0, 0, 1]), Value::from("210"), Value::from(1)] {
        assert!(question.truth(&value, &options).is_err(), "{value:?}");
    }
    assert_eq!(question.in_words(&truth, &options), "b, a, c");
}

#[test]
fn a_right_answer_can_be_typed() {
    for (lines, answer) in [
        ("kind = \"number\"\nright = \"1\"\nunit = \"%\"\n", Answer::Number(0.344)),
        ("kind = \"number\"\nright = \"1\"\n", Answer::Number(-1234.5)),
        ("kind = \"choice\"\nright = \"1\"\noptions = [\"a\", \"b\"]\n", Answer::Choice(1)),
        ("kind = \"order\"\nright = \"1\"\noptions = [\"a\", \"b\"]\n", Answer::Order(vec![1, 0])),
        ("kind = \"token\"\nright = \"1\"\n", Answer::Token(" girl".into())),
        ("kind = \"place\"\nright = \"1\"\n", Answer::Place(0.123)),
    ] {
        let question = ask(lines);
        let options = ["a".to_owned(), "b".to_owned()];
        let read = question.read(&question.typed(&answer)).expect("it can be read");
        assert!(question.judge(&read, &answer, &options).right, "{answer:?}");
    }
}

#[test]
fn the_users_lessons_and_language_come_first() {
    let english =
        "title = \"Mine\"\nchapter = 2\nminutes = 1\nable = \"a\"\n[[step]]\nsay = \"s\"\n".to_owned();
    let german = format!("lang = \"de\"\n{}", english.replace("Mine", "Meine"));
    let own = vec![
        ("x/2-05-draw.toml".to_owned(), english),
        ("x/2-05-draw.de.toml".to_owned(), german),
        ("x/broken.toml".to_owned(), "title = 3".to_owned()),
    ];
    let title =
        |language: &Language| Shelf::new(&own, language).find("2-05-draw").map(|lesson| lesson.title.clone());
    assert_eq!(title(&Language::default()), Some("Mine".into()));
    assert_eq!(title(&Language::of_code("de").expect("a code")), Some("Meine".into()));
    assert_eq!(title(&Language::of_code("fr").expect("a code")), Some("Mine".into()));
    let shelf = Shelf::new(&own, &Language::default());
    assert!(shelf.faults().iter().all(|fault| fault.file == "x/broken.toml") && !shelf.faults().is_empty());
    assert!(shelf.lessons().is_sorted_by_key(|lesson| (lesson.chapter, lesson.name.clone())));
}

#[test]
fn the_lessons_in_the_program_are_valid_and_all_files_are_listed() {
    let shelf = Shelf::new(&[], &Language::default());
    assert_eq!(shelf.faults(), []);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lessons");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| {
            format!("assets/lessons/{}", entry.expect("it can be read").file_name().to_string_lossy())
        })
        .collect();
    files.sort();
    let listed: Vec<&str> = built_in().iter().map(|(file, _)| *file).collect();
    assert_eq!(files, listed, "in order, and each");
}

#[test]
fn progress_comes_back_as_it_was_kept() {
    let mut progress = Progress::default();
    progress.set("2-05-draw", Place { step: 2, done: true, asked: 3, right: 1 });
    assert_eq!(Progress::read(&progress.text()).expect("valid"), progress);
    assert_eq!(progress.of("other"), Place::default());
    assert!(Progress::read("{ \"a\": 3 }").is_err() && Progress::read("").is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(\\PC|\n|\\[\\[step\\]\\]\n|say = \"x\"\n|\\[step.ask\\]\n|kind = \"choice\"\n|\\{\\{|\\}\\}){0,30}") {
        let _ = parse(&text);
        let _ = parse(&format!("{HEAD}{text}"));
    }

    #[test]
    fn whatever_is_typed_is_an_answer_or_told(typed in "\\PC{0,12}") {
        for lines in [
            "kind = \"number\"\nright = \"1\"\nunit = \"%\"\n",
            "kind = \"choice\"\nright = \"1\"\noptions = [\"a\", \"b\"]\n",
            "kind = \"order\"\nright = \"1\"\noptions = [\"a\", \"b\"]\n",
            "kind = \"token\"\nright = \"1\"\n",
            "kind = \"place\"\nright = \"1\"\n",
        ] {
            match ask(lines).read(&typed) {
                Ok(answer) => drop(ask(lines).in_words(&answer, &["a".to_owned(), "b".to_owned()])),
                Err(why) => prop_assert!(why.ends_with('.'), "{}", why),
            }
        }
    }
}
