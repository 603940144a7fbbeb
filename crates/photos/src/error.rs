/// Why photographs cannot be used, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhotosError {
    /// No picture among the files.
    #[error(
        "There is no PNG or JPEG picture among these files. Drop the photographs with their poses."
    )]
    NoPictures,
    /// No pose file among them.
    #[error(
        "Nothing tells where these photographs were taken. Drop transforms.json, or a list of poses \
         (one line “tx ty tz qx qy qz qw” for each picture), together with them."
    )]
    NoPoses,
    /// A list that does not fit the pictures.
    #[error(
        "The list {file} has {poses} poses, but there are {pictures} pictures. There must be one line for each, \
         in the order of their names, or each line must begin with the name of its picture."
    )]
    Count {
        /// The list.
        file: String,
        /// Its lines.
        poses: usize,
        /// The pictures given.
        pictures: usize,
    },
    /// A pose file names none of the pictures.
    #[error(
        "The file {file} speaks of other pictures than those given. Drop the ones that it names."
    )]
    OtherPictures {
        /// The file.
        file: String,
    },
    /// A file that is not what its name says.
    #[error("The file {file} cannot be read: {reason}.")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
}

impl PhotosError {
    pub(crate) fn unreadable(file: &str, reason: impl ToString) -> Self {
        Self::Unreadable { file: file.to_owned(), reason: reason.to_string() }
    }

    /// A stable name in kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPictures => "photos-without-pictures",
            Self::NoPoses => "photos-without-poses",
            Self::Count { .. } | Self::OtherPictures { .. } => "photos-poses-do-not-fit",
            Self::Unreadable { .. } => "photos-unreadable",
        }
    }
}
