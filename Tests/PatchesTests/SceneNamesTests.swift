import Testing

@testable import Datasets

@Suite struct SceneNamesTests {
  @Test func namesComeFromFiles() {
    #expect(SceneNames.unique(for: ["/a/b/etna.tif", "x.unw"]) == ["etna", "x"])
    #expect(SceneNames.unique(for: ["014A_vel.geo.tif"]) == ["014A_vel.geo"])
  }

  @Test func sharedNamesTakeTheirFoldersThenNumbers() {
    #expect(
      SceneNames.unique(for: ["etna/velocity.h5", "fuji/velocity.h5", "c.tif"])
        == ["etna-velocity", "fuji-velocity", "c"])
    #expect(
      SceneNames.unique(for: ["a/v.tif", "a/v.tif", "v.tif", "a/V.h5"])
        == ["a-v", "a-v-2", "v", "a-V-3"])
  }

  @Test func namesAreSafeAsFileNames() {
    #expect(SceneNames.unique(for: ["/d/my scene (2).tif"]) == ["my_scene__2_"])
    #expect(
      SceneNames.unique(for: ["/d/.hidden.tif", "/d/...", "Ätna.npy"])
        == ["hidden", "scene", "_tna"])
  }
}
