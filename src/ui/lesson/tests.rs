//! The dock as it is drawn.

use ratatui::layout::{Position, Rect};

use crate::{
    app::{ByMachine, Hit, Message, fixture::Fixture},
    lesson::Lesson,
    toml_source::TomlSource,
    ui::{self, testing::screen},
};

fn begin(size: (u16, u16), ask: &str) -> Fixture {
    let text = format!(
        "title = \"Where does it land?\"\nchapter = 2\nminutes = 3\nable = \"You can tell.\"\n[[step]]\n\
         say = \"All candidates lie side by side on a ruler from 0 to 1, each as wide as it is likely. A random number u picks \
         the one that it falls on.\"\nhint = \"Add up the probabilities from the top.\"\nwhy = \"It is so because it is so.\"\n\
         [step.set]\npanel = \"draw\"\n[step.ask]\n{ask}\n[[step]]\nsay = \"s\"\n"
    );
    let lesson = Lesson::parse("t", &TomlSource { file: "t.toml", text: &text }).expect("valid");
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(size.0, size.1));
    fixture.send(Message::Machine(ByMachine::Begin(lesson.into())));
    fixture
}

const TOKEN: &str = "kind = \"token\"\ntext = \"Which token will this u pick?\"\nright = \"last.chosen.text\"\nreveal = [\"step\"]";
const PLACE: &str = "kind = \"place\"\ntext = \"Where is u?\"\nright = \"last.u\"\nreveal = [\"step\"]";
const CHOICE: &str =
    "kind = \"choice\"\ntext = \"Which?\"\nright = \"0\"\noptions = [\"the first of all\", \"the second\"]";

#[test]
fn a_question_and_what_came_of_it_at_three_sizes() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut fixture = begin((width, height), TOKEN);
        fixture.keys(&["down", "f7"]);
        insta::assert_snapshot!(format!("asked_{width}x{height}"), screen(&fixture).join("\n"));
        fixture.keys(&["enter"]);
        insta::assert_snapshot!(format!("told_{width}x{height}"), screen(&fixture).join("\n"));
    }
}

#[test]
fn what_is_clicked_is_what_is_drawn() {
    for size in [(80, 24), (120, 36), (200, 60)] {
        let fixture = begin(size, CHOICE);
        let whole = Rect::new(0, 0, size.0, size.1);
        let rows = screen(&fixture);
        let find = |text: &str| {
            rows.iter().enumerate().find_map(|(y, row)| {
                let at = row.find(text)?;
                Some(Position::new(row[..at].chars().count() as u16, y as u16))
            })
        };
        let second = find("the second").expect("it is there");
        assert_eq!(ui::hit(&fixture.state, whole, second), Some(Hit::LessonOption(1)));
        let question = find("Which?").expect("it is there");
        assert_eq!(ui::hit(&fixture.state, whole, question), Some(Hit::Lesson));
        let fixture = begin(size, PLACE);
        let rows = screen(&fixture);
        let y = rows.iter().rposition(|row| row.trim_start().starts_with("0 ┼")).expect("a ruler") as u16;
        match ui::hit(&fixture.state, whole, Position::new(3, y)) {
            Some(Hit::LessonRuler(place)) => assert!(place < 1e-9),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn it_is_drawn_at_every_size() {
    for ask in [TOKEN, PLACE, CHOICE] {
        for (width, height) in [(40, 12), (40, 14), (60, 18), (79, 23), (100, 28), (220, 70)] {
            let mut fixture = begin((width, height), ask);
            for keys in [&["f7"][..], &["1", "enter"], &["enter"], &["enter", "enter"]] {
                fixture.keys(keys);
                let rows = screen(&fixture);
                assert_eq!(rows.len(), usize::from(height));
                for y in 0..height {
                    let _ =
                        ui::hit(&fixture.state, Rect::new(0, 0, width, height), Position::new(width / 2, y));
                }
            }
        }
    }
}
