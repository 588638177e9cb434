//! Which texts of a configuration are secrets, and what they look like elsewhere.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    ARRIVAL, Holder, MESSAGE_ID, Subject,
    json::{places, with},
};

/// A text that differs from demo to demo.
pub(crate) struct Secret {
    /// Where it stands in the configuration of a rotation, as a JSON pointer.
    pub(crate) place: String,
    /// The secret itself.
    pub(crate) text: String,
    /// Whether it takes part in proving webhooks.
    pub(crate) signs: bool,
}

/// The secrets in the configuration of the middle of a rotation.
pub(crate) fn of(subject: &Subject) -> Vec<Secret> {
    let [new, old, stranger] =
        [Holder::New, Holder::Old, Holder::Stranger].map(|holder| subject.demo(holder).config);
    let texts = [&new, &old].map(crate::json::texts);
    let constant = crate::json::texts(&stranger);
    let config = subject.config();
    let places = places(&config).into_iter().filter_map(|place| {
        let text = config.pointer(&place)?.as_str()?.to_owned();
        let ours = texts.iter().any(|texts| texts.contains(&text)) && !constant.contains(&text);
        let signs = || signs(subject, &text);
        ours.then(|| Secret { signs: signs(), text: text.clone(), place })
    });
    places.collect()
}

/// Whether what its holder signs is refused once another text stands in its place.
fn signs(subject: &Subject, text: &str) -> bool {
    [Holder::New, Holder::Old].into_iter().any(|holder| {
        let (mine, other) = (subject.demo(holder).config, subject.demo(Holder::Stranger).config);
        let is_there = |place: &String| mine.pointer(place).is_some_and(|value| value == text);
        let Some(place) = places(&mine).into_iter().find(is_there) else { return false };
        let stranger = other.pointer(&place).cloned().unwrap_or(json!(text));
        let request = subject.post(b"{}");
        let request = subject.signed(&request, holder, MESSAGE_ID, ARRIVAL);
        match (subject.registration.build)(with(&mine, &place, stranger)) {
            Ok(provider) => provider.verify(&request, ARRIVAL).is_err(),
            Err(_) => true,
        }
    })
}

impl Secret {
    /// What it must not be seen as: the text, what follows a prefix such as `whsec_`, and the
    /// bytes of either and of what they encode.
    pub(crate) fn forms(&self) -> impl Iterator<Item = String> {
        let bare = self.text.split_once('_').map(|(_, rest)| rest);
        let bare = bare.filter(|rest| rest.len() >= 16).unwrap_or(&self.text);
        let mut bytes = vec![self.text.clone().into_bytes(), bare.into()];
        bytes.extend(STANDARD.decode(bare));
        bytes.extend(hex::decode(bare));
        let listed = bytes.into_iter().map(|bytes| format!("{bytes:?}").replace(['[', ']'], ""));
        listed.chain([bare.to_owned()])
    }
}
