//! A layer: some settings given, the others left to whatever lies below.
//!
//! Flags, environment, config file, presets and the model file's own defaults all say the same kind of thing,
//! "these settings, please", so each is one layer, and precedence is the order in which layers are applied.

/// Declares `pub struct Layer for Settings { field: Type, … }`: the same fields as `Settings`, each an `Option`.
///
/// The fields are written once more than in the settings themselves; a field that does not exist there, or has
/// another type, does not compile.
macro_rules! layer {
    (
        $(#[$meta:meta])*
        pub struct $name:ident for $settings:ident {
            $( $(#[$field_meta:meta])* $field:ident: $ty:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        #[allow(clippy::option_option, reason = "not given, given as none, given")]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[doc = concat!("[`", stringify!($settings), "::", stringify!($field), "`], if given.")]
                pub $field: Option<$ty>,
            )*
        }

        impl ::core::convert::From<$settings> for $name {
            /// Every setting given.
            fn from(settings: $settings) -> Self {
                Self { $( $field: Some(settings.$field), )* }
            }
        }

        impl $name {
            /// Every setting's name, as the config file writes it.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// Writes what is given into `settings`, leaving the rest.
            pub fn apply(&self, settings: &mut $settings) {
                $(
                    if let Some(value) = &self.$field {
                        settings.$field.clone_from(value);
                    }
                )*
            }

            /// This layer on top of `lower`: what is given here wins.
            #[must_use]
            pub fn over(self, lower: Self) -> Self {
                Self { $( $field: self.$field.or(lower.$field), )* }
            }

            /// The names of the settings that are given, in declaration order.
            #[must_use]
            pub fn given(&self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(
                    if self.$field.is_some() {
                        names.push(stringify!($field));
                    }
                )*
                names
            }
        }
    };
}

pub(crate) use layer;
