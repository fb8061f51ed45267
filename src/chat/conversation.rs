//! A conversation that goes on: what has to be appended for the next turn of the user.

use super::{
    error::ChatError,
    message::Message,
    template::{Note, Rendered},
};

/// Stands for an answer while it is looked for where a template puts it.
const MARKER: &str = "\u{e000}ANSWER\u{e001}";

/// The messages of a conversation so far: what was rendered into the text that stands there.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    messages: Vec<Message>,
}

/// The next turn of the user, rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct NextTurn {
    /// The conversation with the answer and the new message in it, for the turn after this one.
    pub conversation: Conversation,
    /// What to append to the text that stands there, which stays as it is.
    pub appended: String,
    /// The whole conversation as the template writes it. What stands there with `appended` behind it is the same, unless
    /// `difference` says otherwise.
    pub whole: String,
    /// Where the template writes the past of the conversation in another way than it stands there: it may leave the
    /// thoughts of earlier answers out, or trim what was said.
    pub difference: Option<Difference>,
    /// What a user should know about the rendering.
    pub notes: Vec<Note>,
}

/// The first place where what stands there and what the template writes are not the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the chat template writes the conversation in another way than it stands here, from byte {at} on: {template:?} in \
     place of {standing:?}"
)]
pub struct Difference {
    /// Bytes that are the same, from the start: a place between two characters of both.
    pub at: usize,
    /// What stands there after that, cut short.
    pub standing: String,
    /// What the template writes there, cut short.
    pub template: String,
}

impl Conversation {
    /// A conversation of these messages, the last of them the one that is being answered.
    #[must_use]
    pub fn new(messages: Vec<Message>) -> Self {
        Self { messages }
    }

    /// The messages, without the answer that is being given.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The next turn: `standing` is all the text that stands there (the prompt and what was generated, special tokens as
    /// their text), `answer` the part of it that is the answer (without the token that ended it), `user` what the user says
    /// next, and `render` renders messages up to where an answer begins.
    pub fn next_turn(
        &self,
        standing: &str,
        answer: &str,
        user: &str,
        render: impl Fn(&[Message]) -> Result<Rendered, ChatError>,
    ) -> Result<NextTurn, ChatError> {
        let with = |answer: &str| {
            let mut messages = self.messages.clone();
            messages.extend([Message::new("assistant", answer), Message::new("user", user)]);
            messages
        };
        let messages = with(answer);
        let Rendered { text: whole, notes } = render(&messages)?;
        let marked = render(&with(MARKER))?.text;
        let appended = match marked.rsplit_once(MARKER) {
            Some((_, after)) => after[overlap(standing, after)..].to_owned(),
            // The template shows no answer, so there is nothing that could be continued in place.
            None => whole[common(standing, &whole)..].to_owned(),
        };
        let continued = format!("{standing}{appended}");
        let difference = (continued != whole).then(|| {
            let at = common(&continued, &whole);
            Difference { at, standing: short(&continued[at..]), template: short(&whole[at..]) }
        });
        Ok(NextTurn { conversation: Self::new(messages), appended, whole, difference, notes })
    }
}

/// How many bytes two texts have in common from the start, up to a whole character.
fn common(one: &str, other: &str) -> usize {
    let same = one.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b);
    same.last().map_or(0, |((at, c), _)| at + c.len_utf8())
}

/// The length of the longest beginning of `after` that `standing` ends in: an end token that was generated stands there
/// already.
fn overlap(standing: &str, after: &str) -> usize {
    let ends = after.char_indices().map(|(at, c)| at + c.len_utf8());
    let bounded = ends.take_while(|end| *end <= standing.len().min(4096));
    bounded.filter(|&end| standing.ends_with(&after[..end])).last().unwrap_or(0)
}

fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::super::{Ends, Template};
    use super::*;

    const CHATML: &str = "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}\
                          {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    /// Leaves thoughts of earlier answers out, as reasoning models' templates do.
    const FORGETFUL: &str = "{% for m in messages %}<{{ m.role }}>{{ m.content.split('</think>')[-1] }}<end>{% endfor %}\
                             <assistant>";

    fn turn(template: &str, generated: &str, answer: &str) -> (String, NextTurn) {
        let template = Template::new("the template", template, Ends::default());
        let conversation = Conversation::new(Message::opening(Some("Be kind"), "Hi"));
        let prompt = template.render(conversation.messages()).expect("renders").text;
        let standing = prompt + generated;
        let next =
            conversation.next_turn(&standing, answer, "And you?", |messages| template.render(messages));
        (standing, next.expect("renders"))
    }

    #[test]
    fn what_is_appended_continues_what_stands_there() {
        let (standing, next) = turn(CHATML, "Fine.<|im_end|>", "Fine.");
        assert_eq!(next.appended, "\n<|im_start|>user\nAnd you?<|im_end|>\n<|im_start|>assistant\n");
        assert_eq!(standing + &next.appended, next.whole);
        assert_eq!(next.difference, None);
        assert_eq!(next.conversation.messages().len(), 4);
    }

    #[test]
    fn an_answer_that_was_cut_short_gets_its_end() {
        let (standing, next) = turn(CHATML, "Fine", "Fine");
        assert!(next.appended.starts_with("<|im_end|>\n<|im_start|>user\n"), "{}", next.appended);
        assert_eq!(standing + &next.appended, next.whole);
        assert_eq!(next.difference, None);
    }

    #[test]
    fn a_third_turn_follows_the_second() {
        let (standing, next) = turn(CHATML, "Fine.<|im_end|>", "Fine.");
        let template = Template::new("the template", CHATML, Ends::default());
        let standing = standing + &next.appended + "Well.<|im_end|>";
        let third =
            next.conversation.next_turn(&standing, "Well.", "Bye", |messages| template.render(messages));
        let third = third.expect("renders");
        assert_eq!(standing + &third.appended, third.whole);
        assert_eq!(third.whole.matches("<|im_start|>user").count(), 3);
    }

    #[test]
    fn a_template_that_rewrites_the_past_is_reported() {
        let (standing, next) = turn(FORGETFUL, "<think>hm</think>Fine.<end>", "<think>hm</think>Fine.");
        assert_eq!(next.appended, "<user>And you?<end><assistant>");
        let difference = next.difference.expect("the thoughts are gone");
        assert_eq!(difference.at, standing.find("<think>").expect("they stand there"));
        assert!(difference.to_string().contains("\"Fine.<end><user>And you?<end><assistant>\" in place of"));
        assert!(next.whole.contains("<assistant>Fine.<end><user>And you?"));
    }

    #[test]
    fn characters_are_never_cut() {
        assert_eq!(common("aé", "aè"), 1);
        assert_eq!(overlap("xé", "éy"), 2);
        assert_eq!(overlap("ab", "cd"), 0);
    }
}
