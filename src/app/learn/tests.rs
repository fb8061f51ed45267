//! The list of lessons.

use crate::app::{Hit, Message, MouseMove, PanelId, Screen, fixture::Fixture};

#[test]
fn the_list_is_walked_and_a_lesson_begun_by_key_and_mouse() {
    let mut f = Fixture::new();
    f.keys(&["0"]);
    assert_eq!((f.state.screen(), f.state.learn().selected()), (Screen::Learn, 0));
    f.keys(&["down", "down"]);
    assert_eq!(f.state.learn().selected(), 2);
    f.keys(&["home", "end"]);
    assert_eq!(f.state.learn().selected(), f.state.learn().lessons().len() - 1);
    let press = |row| Message::Mouse(MouseMove::Press, Some(Hit::Row(PanelId::Lessons, row)));
    f.send(press(1));
    assert!(f.state.player().is_none() && f.state.learn().selected() == 1);
    f.send(press(1));
    assert_eq!(
        f.state.player().map(|player| player.lesson().name.clone()),
        Some(f.state.learn().lessons()[1].name.clone())
    );
}

#[test]
fn what_goes_on_with_a_text_means_nothing_here() {
    let mut f = Fixture::new();
    f.keys(&["0"]);
    for key in ["n", "space", "R", "r", "tab"] {
        f.keys(&[key]);
        assert!(
            f.state.notice().is_some_and(|said| said.ends_with("means nothing on this screen.")),
            "{key}"
        );
    }
    assert!(f.state.session().is_some_and(|session| session.path().generated() == 0));
    f.keys(&["f6"]);
    assert!(f.state.notice().is_some_and(|said| said.starts_with("No lesson is on")));
}

#[test]
fn a_lesson_can_be_begun_with_and_a_notice_said() {
    let f = Fixture::with(|setup| {
        setup.learn.lesson = Some("2-05-draw".into());
        setup.learn.notice = Some("It could not be read.".into());
    });
    assert_eq!(f.state.player().map(|player| player.lesson().name.as_str()), Some("2-05-draw"));
    let f = Fixture::with(|setup| {
        setup.learn.shown = true;
        setup.learn.notice = Some("It could not be read.".into());
    });
    assert_eq!((f.state.screen(), f.state.notice()), (Screen::Learn, Some("It could not be read.")));
}
