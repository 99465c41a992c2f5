import Testing

@testable import Patches

@Suite struct AugmentationTests {
  @Test func settingsChooseSubgroups() {
    func count(_ flips: Bool, _ rotations: Bool) -> Int {
      var augmentation = Augmentation()
      augmentation.flips = flips
      augmentation.rightAngleRotations = rotations
      return augmentation.symmetries.count
    }
    #expect(count(true, true) == 8 && count(true, false) == 4)
    #expect(count(false, true) == 4 && count(false, false) == 1)
  }
}
