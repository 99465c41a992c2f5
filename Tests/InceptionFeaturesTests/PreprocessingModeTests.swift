import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import Evaluation
@testable import InceptionFeatures

struct PreprocessingModeTests {
  /// PyTorch's bilinear and Pillow's bicubic, at every 13th pixel of the result.
  @Test(
    "resizes as pytorch-fid and clean-fid do", arguments: [20, 64, 400],
    [PreprocessingMode.fid, .clean])
  func peers(side: Int, mode: PreprocessingMode) throws {
    let file = try TensorFixture(path: fixturePath("resizes.safetensors"))
    let pixels = try file.tensor("resize\(side).pixels").to(dtype: .float32)
    let resized = try mode(pixels.reshape([1, 1, side, side]))
    #expect(resized.shape == [1, 1, 299, 299])
    let every13 = try Tensor((0..<23).map { Int64($0) * 13 }, shape: [23])
    let shown = try resized.select(2, indices: every13).select(3, indices: every13)
    // Pillow keeps its weights in double precision, LibTorch in single: 0.002 gray levels of 255.
    try expectClose(
      shown.reshape([23, 23]), file.tensor("resize\(side).\(mode.rawValue)"), rtol: 0,
      atol: mode == .clean ? 3e-5 : 3e-6)
  }
}
