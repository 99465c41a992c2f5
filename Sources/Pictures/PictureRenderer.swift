/// What draws pictures: cairo, or a bitmap font in builds without it.
package enum PictureRenderer: Sendable {
  case cairo
  case bitmap

  /// The best one of this build.
  package static var standard: PictureRenderer {
    #if Cairo
      .cairo
    #else
      .bitmap
    #endif
  }

  /// The one in use; texts are measured with it when a drawing is laid out.
  @TaskLocal package static var current = standard

  func width(of text: String, size: Double, isBold: Bool) -> Double {
    #if Cairo
      if self == .cairo { return CairoRenderer.width(of: text, size: size, isBold: isBold) }
    #endif
    return BitmapRenderer.width(of: text, size: size)
  }
}

extension Drawing {
  /// The picture with `scale` image pixels for each of its own.
  package func image(scale: Int = 1) -> PNGImage {
    #if Cairo
      if PictureRenderer.current == .cairo, let image = CairoRenderer.image(self, scale: scale) {
        return image
      }
    #endif
    return BitmapRenderer.image(self, scale: scale)
  }
}
