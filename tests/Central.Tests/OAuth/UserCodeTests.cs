using Central.OAuth.Device;

namespace Microservices.Central.Tests.OAuth;

public sealed class UserCodeTests
{
    [Theory]
    [InlineData("WDJB-MJHT")] // RFC 8628 section 3.2
    [InlineData("wdjbmjht")]
    [InlineData("WDJB MJHT")]
    [InlineData(" w.d.j.b_m–j/h+t ")]
    public void TypedCode_IsReadAsItWasShown(string typed) => Assert.Equal("WDJB-MJHT", UserCode.Normalize(typed));

    [Theory]
    [InlineData("")]
    [InlineData("WDJB-MJH")]
    [InlineData("WDJB-MJHTT")]
    [InlineData("WDJB-MJHA")]
    [InlineData("WDJB-MJH1")]
    [InlineData("ＷＤＪＢ-ＭＪＨＴ")]
    [InlineData("WDJB-MJH\0")]
    public void WhatIsNoCode_IsNone(string typed) => Assert.Null(UserCode.Normalize(typed));

    [Fact]
    public void GeneratedCodes_UseTheWholeAlphabetAndDiffer()
    {
        var codes = Enumerable.Range(0, 500).Select(_ => UserCode.Generate()).ToList();

        Assert.All(codes, code => Assert.Equal(code, UserCode.Normalize(code)));
        Assert.Equal(500, codes.Distinct().Count());
        Assert.Equal("-BCDFGHJKLMNPQRSTVWXZ", string.Concat(codes.SelectMany(code => code).Distinct().Order()));
    }
}
