use super::mesh::Material;
use glam::Vec3;

/// Meshes of the main jar name the default materials of Java 3D's OBJ loader, or materials of
/// their MTL. For the former there is no file; these are our estimates of their colours, after
/// their names. (name, red, green, blue)
const DEFAULTS: [(&str, [u8; 3]); 44] = [
    ("amber", [196, 138, 40]),
    ("archwhite", [232, 230, 222]),
    ("archwhite2", [240, 238, 230]),
    ("black", [22, 22, 22]),
    ("blue", [40, 60, 180]),
    ("bluteal", [40, 110, 130]),
    ("bone", [222, 210, 184]),
    ("bone2", [228, 216, 192]),
    ("brass", [180, 150, 70]),
    ("bronze", [150, 110, 60]),
    ("brown", [110, 74, 44]),
    ("brzskin", [172, 122, 84]),
    ("dkblue", [30, 40, 100]),
    ("dkdkgrey", [46, 46, 48]),
    ("dkgrey", [76, 76, 78]),
    ("flblonde", [206, 172, 118]),
    ("flbrown", [122, 82, 48]),
    ("fldkdkgrey", [48, 48, 50]),
    ("fldkgrey", [82, 82, 84]),
    ("flesh", [226, 178, 148]),
    ("flgrey", [128, 128, 130]),
    ("flltbrown", [158, 114, 74]),
    ("flltgrey", [180, 180, 182]),
    ("fltan", [196, 160, 116]),
    ("flwhite", [238, 238, 236]),
    ("flwhite1", [238, 238, 236]),
    ("flyellow", [224, 204, 92]),
    ("glass", [200, 216, 222]),
    ("green", [60, 130, 56]),
    ("grey", [128, 128, 130]),
    ("iris", [90, 96, 160]),
    ("lighttan", [214, 184, 140]),
    ("ltgrey", [184, 184, 186]),
    ("offwhite.warm", [236, 228, 210]),
    ("red", [176, 40, 36]),
    ("redwood", [128, 62, 42]),
    ("ruby", [150, 24, 40]),
    ("sand_stone", [206, 182, 140]),
    ("silver", [186, 188, 192]),
    ("sky_blue", [130, 178, 220]),
    ("tan", [196, 160, 116]),
    ("white", [238, 238, 236]),
    ("yellow", [222, 196, 60]),
    ("yellow_green", [126, 158, 54]),
];

/// The material of this name where the mesh has no file for it; light grey if unknown.
pub(crate) fn default_material(name: &str) -> Material {
    let stem = name.split(".0").next().unwrap_or(name);
    let colour = DEFAULTS
        .binary_search_by(|(known, _)| (*known).cmp(stem))
        .map_or([200, 200, 200], |found| DEFAULTS[found].1);
    let clear = name.contains("pane") || name.contains("glass");
    Material {
        name: name.to_owned(),
        colour: Vec3::from_array(colour.map(f32::from)),
        texture: None,
        opacity: if clear { 0.3 } else { 1.0 },
        shine: if matches!(name, "silver" | "brass" | "bronze") { 0.6 } else { 0.1 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_found() {
        assert!(DEFAULTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(default_material("white.001").colour, Vec3::new(238.0, 238.0, 236.0));
        assert_eq!(default_material("who knows").colour, Vec3::splat(200.0));
    }
}
