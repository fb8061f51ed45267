use super::*;
use crate::{
    app::{Message, MouseMove, fixture::Fixture},
    ui::testing::{fits_everywhere, screen},
};

/// The seeds screen after so many steps and some keys, on a screen of this size.
fn fixture(width: u16, height: u16, steps: usize, keys: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.send(Message::Resize(width, height));
    fixture.keys(&["5"]);
    fixture.keys(&vec!["n"; steps]);
    fixture.keys(keys);
    fixture
}

#[test]
fn the_seeds_screen_at_120x36() {
    insta::assert_snapshot!(screen(&fixture(120, 36, 12, &["down"])).join("\n"));
}

#[test]
fn the_seeds_screen_at_80x24() {
    insta::assert_snapshot!(screen(&fixture(80, 24, 12, &["tab", "down"])).join("\n"));
}

#[test]
fn the_seeds_screen_at_200x60() {
    insta::assert_snapshot!(screen(&fixture(200, 60, 40, &["a"])).join("\n"));
}

#[test]
fn the_seeds_screen_at_40x12() {
    insta::assert_snapshot!(screen(&fixture(40, 12, 12, &[])).join("\n"));
}

#[test]
fn on_a_small_screen_the_others_are_a_key_away() {
    let shows = |fixture: &Fixture, title: &str| screen(fixture).iter().any(|row| row.contains(title));
    let mut small = fixture(80, 24, 4, &[]);
    for title in ["Endings", "Sampling", "Critical tokens"] {
        small.keys(&["w"]);
        assert!(shows(&small, "╭ Seeds") && shows(&small, title), "{title}");
    }
    let mut low = fixture(40, 12, 4, &[]);
    for title in ["Critical tokens", "Endings", "Sampling", "Seeds"] {
        low.keys(&["tab"]);
        assert!(shows(&low, title), "{title}");
        assert_eq!(screen(&low).iter().filter(|row| row.starts_with('╭')).count(), 1);
    }
}

#[test]
fn where_seeds_have_dice_of_their_own_nothing_is_called_exact() {
    let mut fixture = fixture(120, 36, 4, &["down"]);
    let exact = screen(&fixture).join("\n");
    assert!(exact.contains(" ± .") && !exact.contains("mean p") && !exact.contains(" – │"), "{exact}");
    let settings = crate::sampling::SamplingSettings {
        mirostat: crate::sampling::Mirostat::V2,
        ..fixture.state.sampling().clone()
    };
    *fixture.state.sampling_mut() = settings;
    fixture.keys(&["1", "5", "down"]);
    let mean = screen(&fixture).join("\n");
    assert!(!mean.contains(" ± .") && mean.contains("mean p") && mean.contains(" – │"), "{mean}");
}

#[test]
fn a_click_selects_a_row_of_each_table_and_the_wheel_moves() {
    let mut fixture = fixture(120, 36, 8, &[]);
    let body = Rect::new(0, 1, 120, 34);
    for panel in [PanelId::Seeds, PanelId::Forks, PanelId::Endings] {
        let wanted = Some(Hit::Row(panel, 1));
        let at = body.positions().find(|&at| hit(&fixture.state, body, at) == wanted).expect("a second row");
        fixture.send(Message::Mouse(MouseMove::Press, hit(&fixture.state, body, at)));
        let seeds = fixture.state.seeds();
        let selected = match panel {
            PanelId::Seeds => seeds.selected(),
            PanelId::Forks => seeds.selected_fork(),
            _ => seeds.selected_ending(),
        };
        assert_eq!((fixture.state.focus(), selected), (panel, 1));
    }
    let over = Some(Hit::Row(PanelId::Forks, 0));
    fixture.send(Message::Mouse(MouseMove::WheelDown, over));
    assert_eq!(fixture.state.seeds().selected_fork(), 4);
    let sign =
        body.positions().find(|&at| hit(&fixture.state, body, at) == Some(Hit::Explain(PanelId::Forks)));
    fixture.send(Message::Mouse(MouseMove::Press, sign.and_then(|at| hit(&fixture.state, body, at))));
    assert!(screen(&fixture).join("\n").contains("total variation distance"));
}

#[test]
fn any_size_can_be_drawn_and_hit() {
    fits_everywhere(draw, hit);
}
