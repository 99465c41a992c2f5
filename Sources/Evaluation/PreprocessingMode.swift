/// The resizing of images to the 299 x 299 pixels of Inception.
public enum PreprocessingMode: String, Sendable, Codable, CaseIterable {
  /// pytorch-fid: bilinear without antialiasing, then 2 x / 255 - 1.
  case fid
  /// clean-fid: Pillow's bicubic per channel on floats, clipped, then (x - 128) / 128.
  case clean

  /// Its name in results.
  public var summary: String {
    switch self {
    case .fid: "pytorch-fid: bilinear, align_corners=false, no antialias"
    case .clean: "clean-fid: bicubic with antialias on floats"
    }
  }
}
