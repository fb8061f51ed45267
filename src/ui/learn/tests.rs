//! The Learn screen as it is drawn.

use crate::{
    app::{Message, fixture::Fixture},
    ui::testing::screen,
};

#[test]
fn the_lessons_at_three_sizes() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut fixture = Fixture::new();
        fixture.send(Message::Resize(width, height));
        fixture.keys(&["0", "down"]);
        insta::assert_snapshot!(format!("learn_{width}x{height}"), screen(&fixture).join("\n"));
    }
}

#[test]
fn it_fits_everywhere() {
    crate::ui::testing::fits_everywhere(super::draw, super::hit);
}
