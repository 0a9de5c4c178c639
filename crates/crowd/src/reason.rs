//! The reasons of an error. Does not choose the HTTP status: that differs by resource.

use serde::{Deserialize, Serialize};

/// Why a request was refused, in the words that clients bind to their own exceptions. Only values
/// that the oldest clients know: an unknown one leaves them without any reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the protocol's and say what they mean")]
pub enum Reason {
    ApplicationAccessDenied,
    ApplicationPermissionDenied,
    ExpiredCredential,
    GroupNotFound,
    IllegalArgument,
    InactiveAccount,
    InvalidUserAuthentication,
    InvalidCredential,
    InvalidEmail,
    InvalidGroup,
    InvalidSsoToken,
    InvalidUser,
    MembershipNotFound,
    NestedGroupsNotSupported,
    ApplicationNotFound,
    UnsupportedOperation,
    UserNotFound,
    OperationFailed,
    EventTokenExpired,
    IncrementalSyncNotAvailable,
}

impl Reason {
    /// Every reason, in the order of the declaration.
    pub const ALL: [Self; 20] = [
        Self::ApplicationAccessDenied,
        Self::ApplicationPermissionDenied,
        Self::ExpiredCredential,
        Self::GroupNotFound,
        Self::IllegalArgument,
        Self::InactiveAccount,
        Self::InvalidUserAuthentication,
        Self::InvalidCredential,
        Self::InvalidEmail,
        Self::InvalidGroup,
        Self::InvalidSsoToken,
        Self::InvalidUser,
        Self::MembershipNotFound,
        Self::NestedGroupsNotSupported,
        Self::ApplicationNotFound,
        Self::UnsupportedOperation,
        Self::UserNotFound,
        Self::OperationFailed,
        Self::EventTokenExpired,
        Self::IncrementalSyncNotAvailable,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApplicationAccessDenied => "APPLICATION_ACCESS_DENIED",
            Self::ApplicationPermissionDenied => "APPLICATION_PERMISSION_DENIED",
            Self::ExpiredCredential => "EXPIRED_CREDENTIAL",
            Self::GroupNotFound => "GROUP_NOT_FOUND",
            Self::IllegalArgument => "ILLEGAL_ARGUMENT",
            Self::InactiveAccount => "INACTIVE_ACCOUNT",
            Self::InvalidUserAuthentication => "INVALID_USER_AUTHENTICATION",
            Self::InvalidCredential => "INVALID_CREDENTIAL",
            Self::InvalidEmail => "INVALID_EMAIL",
            Self::InvalidGroup => "INVALID_GROUP",
            Self::InvalidSsoToken => "INVALID_SSO_TOKEN",
            Self::InvalidUser => "INVALID_USER",
            Self::MembershipNotFound => "MEMBERSHIP_NOT_FOUND",
            Self::NestedGroupsNotSupported => "NESTED_GROUPS_NOT_SUPPORTED",
            Self::ApplicationNotFound => "APPLICATION_NOT_FOUND",
            Self::UnsupportedOperation => "UNSUPPORTED_OPERATION",
            Self::UserNotFound => "USER_NOT_FOUND",
            Self::OperationFailed => "OPERATION_FAILED",
            Self::EventTokenExpired => "EVENT_TOKEN_EXPIRED",
            Self::IncrementalSyncNotAvailable => "INCREMENTAL_SYNC_NOT_AVAILABLE",
        }
    }

    /// The reason of that name, if it is one of the known.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_reason_alike_in_xml_and_json() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        }
    }
}
