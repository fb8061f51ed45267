//! Lessons over the scripted model: set up, asked, judged, left and taken up.

use std::sync::Arc;

use super::{Phase, Player};
use crate::{
    app::{ByMachine, Effect, Message, Screen, fixture::Fixture},
    keymap::Action,
    lesson::{Answer, Lesson, Place, Progress},
    toml_source::TomlSource,
};

const HEAD: &str = "title = \"T\"\nchapter = 1\nminutes = 5\nable = \"You can.\"\n";

fn lesson(steps: &str) -> Arc<Lesson> {
    let text = format!("{HEAD}{steps}");
    Arc::new(Lesson::parse("t", &TomlSource { file: "t.toml", text: &text }).expect("valid"))
}

/// The lesson that is on.
fn player(f: &Fixture) -> &Player {
    f.state.player().expect("a lesson is on")
}

fn begin(steps: &str) -> Fixture {
    let mut f = Fixture::new();
    f.send(Message::Machine(ByMachine::Begin(lesson(steps))));
    f
}

fn generated(f: &Fixture) -> usize {
    f.state.session().map_or(0, |session| session.path().generated())
}

/// Three steps: the first asks a token, the second has something done and asks a number, the third tells.
const THREE: &str = r#"
[[step]]
say = "The likeliest is {{ step.candidates[0].text | shown }}."
hint = "It was {{ step.candidates[0].text | shown }} all the time."
why = "It has {{ last.chosen.raw | pct }}; you said {{ answer }}, it is {{ right }}."
[step.set]
panel = "draw"
prompt = "Once upon a time"
seed = 42
sampling = { temperature = 0 }
stop = { max-tokens = 9 }
[step.ask]
kind = "token"
text = "Which token comes next?"
right = "last.chosen.id"
reveal = ["step"]

[[step]]
say = "Now bring the temperature down."
[step.wait]
until = "temperature > 1.4"
say = "Above 1.4, please."
set = { sampling = { temperature = 1.5 } }
play = ["step"]
[step.ask]
kind = "number"
text = "How many tokens were written?"
right = "generated"
tolerance = 0
compare = "{{ answer }} or {{ right }}, {{ 'right' if correct else 'wrong' }}"

[[step]]
say = "That is all: {{ generated }}."
[step.set]
screen = "xray"
do = ["step"]
"#;

#[test]
fn a_step_is_set_up_asked_revealed_and_judged() {
    let mut f = begin(THREE);
    assert_eq!(player(&f).phase(), Phase::Asking);
    assert_eq!(player(&f).said().say, "The likeliest is ,.");
    assert!(f.state.sampling().temperature.abs() < 1e-9);
    assert_eq!(f.state.lit(), Some(crate::app::PanelId::Draw));
    assert!(f.state.lesson_has_keys() && player(&f).said().hint.is_none());
    f.keys(&["f7"]);
    assert_eq!(player(&f).said().hint.as_deref(), Some("It was , all the time."));
    // What is typed is the answer, whatever its letters do elsewhere.
    f.keys(&["q", ","]);
    assert_eq!(player(&f).typed(), "q,");
    f.keys(&["backspace", "backspace", "enter"]);
    assert!(f.state.notice().is_some_and(|said| said.starts_with("Type a token first")));
    f.keys(&["h", "i", "enter"]);
    let told = player(&f);
    assert_eq!((told.phase(), generated(&f)), (Phase::Told, 1));
    let verdict = told.verdict().expect("it was judged");
    assert_eq!((verdict.right, verdict.said.as_str(), verdict.truth.as_str()), (false, "“hi”", "“,”"));
    assert_eq!(told.said().compare.as_deref(), Some("You said “hi”, it is “,”."));
    assert_eq!(told.said().why.as_deref(), Some("It has 93 %; you said “hi”, it is “,”."));
    assert_eq!(told.tally(), (0, 1));
}

#[test]
fn the_screen_does_not_tell_what_is_asked() {
    let mut f = begin(THREE);
    assert!(f.state.hides_draw() && f.state.landing().is_none() && f.state.frame().drawn.is_some());
    f.keys(&["x", "enter"]);
    assert!(!f.state.hides_draw() && f.state.landing().is_some());
}

#[test]
fn what_is_to_be_done_is_waited_for_or_done_for_one() {
    let mut f = begin(THREE);
    f.keys(&[",", "enter", "enter"]);
    assert_eq!(player(&f).phase(), Phase::Waiting(false));
    assert!(!f.state.lesson_has_keys(), "the keys are the screen's");
    let mut done = lesson_keys_by_hand(f);
    assert_eq!(player(&done).phase(), Phase::Asking);
    done.keys(&["1", "enter"]);
    assert_eq!(player(&done).said().compare.as_deref(), Some("1 or 1, right"));
    // The same done by the lesson itself.
    let mut f = begin(THREE);
    f.keys(&[",", "enter", "enter", "f8"]);
    assert_eq!((player(&f).phase(), generated(&f)), (Phase::Waiting(true), 2));
    f.keys(&["enter", "9", "enter"]);
    assert_eq!(player(&f).said().compare.as_deref(), Some("9 or 2, wrong"));
    f.keys(&["f8"]);
    assert!(f.state.notice().is_some_and(|said| said.starts_with("There is nothing to be done")));
}

/// Turns the temperature up by keys of the screen, and goes on.
fn lesson_keys_by_hand(mut f: Fixture) -> Fixture {
    f.keys(&["f4", "L", "L", "L", "L"]);
    assert_eq!(player(&f).phase(), Phase::Waiting(false), "1.0 is not enough");
    f.keys(&["L", "L", "L", "L"]);
    assert_eq!(player(&f).phase(), Phase::Waiting(true));
    // Back below it is done nevertheless.
    f.keys(&["H", "H"]);
    assert_eq!(player(&f).phase(), Phase::Waiting(true));
    f.keys(&["f6"]);
    f
}

#[test]
fn one_goes_back_and_sets_up_again_and_finds_the_same() {
    let mut f = begin(THREE);
    f.keys(&[",", "enter", "enter", "f8", "enter", "2", "enter"]);
    let text = f.state.session().expect("a path").path().tokens().to_vec();
    f.keys(&["enter"]);
    assert_eq!((player(&f).step(), f.state.screen(), generated(&f)), (2, Screen::Xray, 3));
    assert_eq!((player(&f).phase(), player(&f).said().say.as_str()), (Phase::Told, "That is all: 3."));
    // Free play, then the step as it was.
    f.keys(&["tab", "right", "right", "5"]);
    f.keys(&["f6", "f9"]);
    assert_eq!((generated(&f), f.state.screen(), player(&f).step()), (3, Screen::Xray, 2));
    f.keys(&["pageup"]);
    assert_eq!((player(&f).step(), generated(&f), f.state.screen()), (1, 1, Screen::Step));
    f.keys(&["f8"]);
    assert_eq!(f.state.session().expect("a path").path().tokens(), text);
    f.keys(&["pageup"]);
    assert_eq!((player(&f).step(), generated(&f), player(&f).tally()), (0, 0, (2, 2)));
    f.keys(&["pageup"]);
    assert!(f.state.notice().is_some_and(|said| said == "This is the first step."));
}

#[test]
fn a_lesson_is_left_and_taken_up_where_it_was() {
    let mut f = Fixture::new();
    f.keys(&["n", "n", "f4", "L"]);
    let before = (f.state.sampling().clone(), f.state.prompt().text.clone());
    f.keys(&["0", "down", "down", "enter"]);
    let name = player(&f).lesson().name.clone();
    assert_eq!(name, f.state.learn().lessons()[2].name);
    let answer = Answer::Token("x".into());
    f.send(Message::Machine(ByMachine::Answer(answer)));
    f.keys(&["enter"]);
    assert_eq!(player(&f).step(), 1);
    f.keys(&["esc"]);
    assert!(f.state.player().is_none() && f.state.screen() == Screen::Learn);
    assert_eq!((f.state.sampling().clone(), f.state.prompt().text.clone()), before);
    let place = f.state.learn().place(&name);
    assert_eq!(place, Place { step: 1, done: false, asked: 1, right: 0 });
    let kept = f.other.iter().rev().find_map(|effect| match effect {
        Effect::KeepProgress(text) => Some(Progress::read(text).expect("valid")),
        _ => None,
    });
    assert_eq!(kept.expect("it is kept").of(&name), place);
    f.keys(&["enter"]);
    assert_eq!((player(&f).step(), player(&f).phase()), (1, Phase::Asking));
    f.keys(&["esc", "a"]);
    assert_eq!((player(&f).step(), player(&f).phase()), (0, Phase::Asking), "anew");
}

#[test]
fn a_lesson_comes_to_its_end_and_is_done() {
    let mut f = begin("[[step]]\nsay = \"Only this.\"\nwhy = \"So it is.\"\n");
    assert_eq!((player(&f).phase(), player(&f).said().why.as_deref()), (Phase::Told, Some("So it is.")));
    f.keys(&["enter"]);
    assert_eq!(player(&f).phase(), Phase::Finished);
    f.keys(&["enter"]);
    assert!(f.state.player().is_none() && f.state.learn().place("t").done);
}

#[test]
fn every_kind_of_question_takes_keys_and_the_mouse() {
    use crate::app::{Hit, MouseMove};
    let asking = |kind: &str, more: &str| {
        begin(&format!("[[step]]\nsay = \"s\"\n[step.ask]\nkind = \"{kind}\"\ntext = \"q\"\n{more}\n"))
    };
    let options = "options = [\"a\", \"b\", \"c\"]";
    let mut f = asking("choice", &format!("right = \"'b'\"\n{options}"));
    f.keys(&["down"]);
    assert_eq!(player(&f).picked(), Some(1));
    f.keys(&["3", "up", "up", "up"]);
    assert_eq!(player(&f).picked(), Some(0));
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::LessonOption(1))));
    f.keys(&["enter"]);
    assert!(player(&f).verdict().is_some_and(|verdict| verdict.right));
    let mut f = asking("choice", &format!("right = \"0\"\n{options}"));
    f.keys(&["9", "enter"]);
    assert!(f.state.notice().is_some_and(|said| said == "A digit from 1 to 3 is expected."));
    let mut f = asking("order", &format!("right = \"[2, 0, 1]\"\n{options}"));
    f.keys(&["3", "1", "enter"]);
    assert!(f.state.notice().is_some_and(|said| said.starts_with("Each digit")));
    for option in [1, 2, 0] {
        f.send(Message::Mouse(MouseMove::Press, Some(Hit::LessonOption(option))));
    }
    f.keys(&["ctrl-u", "3", "1", "2", "enter"]);
    assert!(player(&f).verdict().is_some_and(|verdict| verdict.right));
    let mut f = asking("place", "right = \"0.52\"\ntolerance = 0.001");
    assert!(f.state.hides_number());
    f.keys(&["up", "up"]);
    assert_eq!(player(&f).marked(), Some(0.52));
    f.send(Message::Mouse(MouseMove::Press, Some(Hit::LessonRuler(0.25))));
    assert_eq!(player(&f).marked(), Some(0.25));
    f.keys(&["enter"]);
    assert!(player(&f).verdict().is_some_and(|verdict| !verdict.right && verdict.truth == "0.52"));
    let mut f = asking("number", "right = \"0.34\"\nunit = \"%\"");
    f.keys(&["a", "esc"]);
    assert!(f.state.player().is_none(), "a letter is no answer, and Escape leaves");
}

#[test]
fn what_cannot_be_worked_out_is_told_with_its_line() {
    let told = |steps: &str, keys: &[&str]| {
        let mut f = begin(steps);
        f.keys(keys);
        player(&f).trouble().map(ToString::to_string).unwrap_or_default()
    };
    let say = "[[step]]\nsay = \"{{ last.u }}\"\n";
    assert_eq!(told(say, &[]), "t.toml, line 6: `{{ last.u }}`: there is no `last` now");
    let right = "[[step]]\nsay = \"s\"\n[step.ask]\nkind = \"number\"\ntext = \"q\"\nright = \"text\"\n";
    let message = told(right, &["1", "enter"]);
    assert!(
        message.starts_with("t.toml, line 10: `text`: it is ") && message.ends_with(", expected a number"),
        "{message}"
    );
    let wait = "[[step]]\nsay = \"s\"\n[step.wait]\nuntil = \"temperature > 7\"\nplay = [\"step\"]\n";
    assert!(told(wait, &["f8"]).starts_with("t.toml, line 8: `temperature > 7`: it is not true after"));
}

#[test]
fn something_that_fails_is_told_and_ends_the_set_up() {
    let long = "Once ".repeat(300);
    let mut f = begin(&format!("[[step]]\nsay = \"s\"\n[step.set]\nprompt = \"{long}\"\ndo = [\"step\"]\n"));
    let trouble = player(&f).trouble().map(ToString::to_string).unwrap_or_default();
    assert!(trouble.starts_with("t.toml, line 7: This prompt cannot be used: "), "{trouble}");
    f.keys(&["esc", "esc"]);
    assert!(f.state.player().is_none());
    assert_eq!(f.state.prompt().text, "Once upon a time", "what was there before is back");
}

#[test]
fn a_teacher_sees_notes_and_answers_and_needs_no_guess() {
    let text = "[[step]]\nsay = \"s\"\nteacher = \"Wait for hands.\"\n[step.ask]\nkind = \"number\"\ntext = \"q\"\nright = \"3\"\n";
    let mut f = Fixture::new();
    let made = lesson(text);
    f.state.begin_lesson(made, 0, true);
    f.send(Message::Resize(120, 36));
    let said = player(&f).said().clone();
    assert_eq!((said.teacher.as_deref(), said.answer.as_deref()), (Some("Wait for hands."), Some("3")));
    f.keys(&["enter"]);
    assert_eq!(player(&f).said().compare.as_deref(), Some("It is 3."));
    assert_eq!(player(&f).tally(), (0, 0));
}

#[test]
fn nothing_goes_on_while_the_model_is_at_work() {
    let mut f = Fixture::new();
    f.hold();
    f.send(Message::Machine(ByMachine::Begin(lesson(THREE))));
    f.keys(&["enter"]);
    assert!(f.state.notice().is_some_and(|said| said.starts_with("The screen is still being set up")));
    assert_eq!(player(&f).phase(), Phase::SettingUp);
    while f.answer_next() {}
    assert_eq!(player(&f).phase(), Phase::Asking);
}

#[test]
fn a_part_of_the_live_state_is_told_as_the_screens_show_it() {
    let mut f = Fixture::new();
    f.keys(&["n", "n", "n"]);
    let mut value = |source: &str| {
        let text = format!("{HEAD}[[step]]\nsay = \"{{{{ {source} }}}}\"\n");
        let made = Lesson::parse("t", &TomlSource { file: "t.toml", text: &text }).expect("valid");
        let scope = f.state.scope(made.steps[0].say.names());
        made.steps[0].say.render(&scope).unwrap_or_else(|mistake| mistake.to_string())
    };
    assert_eq!(value("prompt_tokens ~ ' ' ~ generated ~ ' ' ~ tokens | length"), "4 3 7");
    assert_eq!(value("tokens[0].text ~ tokens[0].prompt"), "OnceTrue");
    assert_eq!(value("screen ~ ' ' ~ model.built_in ~ ' ' ~ stop.reason"), "step True none");
    assert_eq!(value("settings.top_k == top_k and seed == 42"), "True");
    assert_eq!(value("step.candidates[0].rank ~ ' ' ~ step.candidates | length"), "1 256");
    assert_eq!(value("(step.rest(0) | fixed(3)) ~ ' ' ~ (last.chosen.text == tokens[6].text)"), "1.000 True");
    assert_eq!(value("last.u == tokens[6].u and last.lands.id == tokens[6].id"), "True");
    assert_eq!(value("rank_of(step.candidates[1].text)"), "2");
    assert_eq!(value("probability_of(step.candidates[1].text) == step.candidates[1].raw"), "True");
    assert!(value("probability_of('zzz')").contains("the vocabulary has no token “zzz”"));
    assert_eq!(value("stages[0].name is string and kv.used > 0 and time.prefill_tokens == 4"), "True");
    assert!(value("compare.lanes").contains("there is no `compare` now"));
}

#[test]
fn rooms_tell_what_they_show() {
    let value = |keys: &[&str], source: &str| {
        let mut f = Fixture::new();
        f.keys(keys);
        let text = format!("{HEAD}[[step]]\nsay = \"{{{{ {source} }}}}\"\n");
        let made = Lesson::parse("t", &TomlSource { file: "t.toml", text: &text }).expect("valid");
        let scope = f.state.scope(made.steps[0].say.names());
        made.steps[0].say.render(&scope).unwrap_or_else(|mistake| mistake.to_string())
    };
    let lanes = "compare.lanes | length > 1 and compare.lanes[0].tokens == 2 and compare.lanes[0].diverged_at is none";
    assert_eq!(value(&["3", "n", "n"], lanes), "True");
    assert_eq!(value(&["n", "4"], "tree.nodes ~ ' ' ~ tree.depth ~ ' ' ~ tree.leaves"), "6 5 1");
    assert_eq!(
        value(&["5", "n"], "(seeds.shares | sum(attribute='share') | fixed(3)) ~ ' ' ~ seeds.length"),
        "1.000 1"
    );
    assert_eq!(
        value(&["6", "n", "n"], "beam.rounds ~ ' ' ~ (beam.best.logprob <= 0) ~ beam.greedy.tokens"),
        "2 True2"
    );
    assert_eq!(value(&["8", ".", "."], "speculate.rounds > 0 and speculate.passes > 0"), "True");
    assert_eq!(value(&["9", "space"], "cost.rows_without_cache > cost.rows_with_cache"), "True");
    assert_eq!(value(&["7"], "diffuse.step ~ ' ' ~ (diffuse.masks > 0)"), "0 True");
}

#[test]
fn the_names_of_screens_and_panels_are_those_of_the_program() {
    use crate::app::PanelId;
    use crate::lesson::{PANELS, SCREENS};
    let screens: Vec<Action> = Screen::ALL.iter().map(|screen| screen.action()).collect();
    let named: Vec<Action> = SCREENS.iter().map(|(_, action)| *action).chain([Action::ShowLearn]).collect();
    assert_eq!(named, screens);
    let kebab = |panel: &PanelId| {
        let mut name = String::new();
        for c in format!("{panel:?}").chars() {
            if c.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.extend(c.to_lowercase());
        }
        name
    };
    let panels: Vec<String> = PanelId::ALL.iter().take(PANELS.len()).map(kebab).collect();
    assert_eq!(panels, PANELS);
}

#[test]
fn a_reveal_sets_up_before_it_presses() {
    let mut f = begin(
        "[[step]]\nsay = \"s\"\n[step.set]\nprompt = \"Once upon a time\"\nsampling = { temperature = 0 }\n\
         [step.ask]\nkind = \"number\"\ntext = \"q\"\nright = \"temperature + generated\"\nreveal = [\"step*3\"]\n\
         set = { sampling = { temperature = 0.5 } }\n",
    );
    assert_eq!((f.state.sampling().temperature, generated(&f)), (0.0, 0), "nothing before the answer");
    f.keys(&["1", "enter"]);
    assert_eq!((f.state.sampling().temperature, generated(&f)), (0.5, 3));
    assert_eq!(player(&f).verdict().expect("judged").truth, "3.50");
}

#[test]
fn a_lesson_types_its_text_alone_and_presses_keys_on_what_is_shown() {
    let mut f = begin(
        "[[step]]\nsay = \"s\"\n[step.set]\nprompt = \"Once upon a time\"\ndo = [\"edit-prompt\"]\ntext = \"One day\"\n\
         [step.ask]\nkind = \"token\"\ntext = \"q\"\nright = \"tokens[-1].text\"\n\
         reveal = [\"step*2\", \"restart\", \"focus-candidates\", \"first\", \"down*2\", \"take-candidate\"]\n",
    );
    let at = f.state.session().expect("a text").path().tokens().len();
    f.keys(&["x", "enter"]);
    let path = f.state.session().expect("a text").path();
    assert_eq!(path.generated(), 1);
    let (step, _) = path.step_at(at).expect("it was chosen");
    assert_eq!(step.rank.at(), Some(3), "the third of the candidates there");
    let written =
        path.tokens()[..at].iter().map(|&t| f.state.session().expect("a text").vocabulary().piece(t));
    let written: Vec<u8> = written.flatten().copied().collect();
    assert!(!String::from_utf8_lossy(&written).contains("Once"), "what the editor opened with is gone");
}
