window.YTD.profile.part0 = [
  {
    "profile" : {
      "description" : {
        "bio" : "Letterpress, lino and a loud radio.",
        "website" : "",
        "location" : "Ghent"
      },
      "avatarMediaUrl" : "https://pbs.twimg.com/profile_images/0/ada.jpg"
    }
  }
]