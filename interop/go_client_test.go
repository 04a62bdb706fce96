// SPDX-License-Identifier: MPL-2.0

package interop

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// goClient is the generic client of the SDK in one of its ways to call.
type goClient struct {
	b              *table
	sim            *livesim.Server // For what the client itself cannot do: faults and the clock.
	url            string
	way            string
	signer, method string
	proxy          bool // Tencent's host names, and the simulator as the proxy.
	id, key, token string
	version        string
}

func tryGo(b *table, s *livesim.Server) {
	for _, signer := range []string{"TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			for _, proxy := range []bool{false, true} {
				c := goClient{b: b, sim: s, url: s.URL(), signer: signer, method: method, proxy: proxy, id: "AKIDsimulator", key: "simulator-secret-key"}
				c.way = "Go, " + signer + ", " + method
				name := "go_" + strings.ReplaceAll(signer, "-", "_") + "_" + method
				if proxy {
					c.way += ", proxy"
					name += "_proxy"
				}
				c.tryAll(name)
			}
		}
	}
}

func (c goClient) tryAll(id string) {
	session := map[string]any{"MixStreamSessionId": id}
	state := map[string]any{"AppName": "live", "DomainName": "push.example.com", "StreamName": id + "_out"}
	c.expect("create, every field", "", "CreateCommonMixStream", everyField(id, 0.05))
	c.expect("change", "", "CreateCommonMixStream", everyField(id, 0.45))
	c.expect("state", "", "DescribeLiveStreamState", state)
	c.expect("list", "", "DescribeLiveStreamOnlineList", map[string]any{"StreamName": id + "_out"})
	c.expect("cancel", "", "CancelCommonMixStream", session)
	c.expect("cancel again", "FailedOperation.CancelSessionNotExist", "CancelCommonMixStream", session)
	c.expect("unknown field", "UnknownParameter", "CancelCommonMixStream", map[string]any{"MixStreamSessionId": id, "Nothing": "1"})
	c.expect("unknown action", "InvalidAction", "CancelNothing", session)
	other := c
	other.version = "2017-01-01"
	other.expect("unknown version", "NoSuchVersion", "CancelCommonMixStream", session)
	other = c
	other.key = "wrong"
	other.expect("wrong key", "AuthFailure.SignatureFailure", "CancelCommonMixStream", session)
	other = c
	other.id = "wrong"
	other.expect("wrong ID", "AuthFailure.SecretIdNotFound", "CancelCommonMixStream", session)
	c.sim.Skew(10 * time.Minute)
	c.expect("expired signature", "AuthFailure.SignatureExpire", "CancelCommonMixStream", session)
	c.sim.Skew(0)

	role := map[string]any{"RoleArn": roleARN, "RoleSessionName": "interop"}
	var keys struct {
		Response struct {
			Credentials struct {
				ID    string `json:"TmpSecretId"`
				Key   string `json:"TmpSecretKey"`
				Token string
			}
		}
	}
	if body := c.expect("AssumeRole", "", "AssumeRole", role); json.Unmarshal(body, &keys) == nil {
		other = c
		other.id, other.key, other.token = keys.Response.Credentials.ID, keys.Response.Credentials.Key, keys.Response.Credentials.Token
		other.expect("call with temporary keys", "", "DescribeLiveStreamState", state)
		other.token = "x"
		other.expect("temporary keys, wrong token", "AuthFailure.TokenFailure", "DescribeLiveStreamState", state)
	}
	c.expect("AssumeRoleWithWebIdentity, signed", "", "AssumeRoleWithWebIdentity", map[string]any{
		"RoleArn": roleARN, "RoleSessionName": "interop", "ProviderId": "idp", "WebIdentityToken": "identity-token",
	})

	c.sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Error: &livesim.APIError{Code: "InternalError", Message: "injected"}})
	c.expect("fault InternalError", "InternalError", "CancelCommonMixStream", session)
	c.sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Status: 502})
	c.expect("fault 502", "ClientError.ParseJsonError", "CancelCommonMixStream", session)
	c.sim.Inject(livesim.Fault{Action: livesim.ActionCancel, NotJSON: true})
	c.expect("fault not-json", "ClientError.ParseJsonError", "CancelCommonMixStream", session)
	c.sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Cut: true})
	c.expect("fault cut", "ClientError.NetworkError", "CancelCommonMixStream", session)
}

// expect calls and checks the code of the SDK's own error, "" for success. It returns the body of a success.
func (c goClient) expect(call, code, action string, params map[string]any) []byte {
	c.b.t.Helper()
	body, err := c.send(action, params)
	got, outcome := "", "success"
	var sdkErr *sdkerrors.TencentCloudSDKError
	switch {
	case errors.As(err, &sdkErr):
		got, outcome = sdkErr.Code, sdkErr.Code
	case err != nil:
		got, outcome = "error", fmt.Sprintf("%T: %v", err, err)
	}
	ok := got == code
	if !ok && sdkErr != nil {
		outcome += ": " + sdkErr.Message
	}
	c.b.add(row{c.way, call, outcome, ok})
	return body
}

func (c goClient) send(action string, params map[string]any) ([]byte, error) {
	service, version := "live", "2018-08-01"
	if strings.HasPrefix(action, "AssumeRole") {
		service, version = "sts", "2018-08-13"
	}
	if c.version != "" {
		version = c.version
	}
	p := profile.NewClientProfile()
	p.SignMethod, p.HttpProfile.ReqMethod, p.HttpProfile.Scheme, p.Language = c.signer, c.method, "HTTP", "en-US"
	p.HttpProfile.Endpoint = strings.TrimPrefix(c.url, "http://")
	transport := &http.Transport{DisableKeepAlives: true}
	if c.proxy {
		address, err := url.Parse(c.url)
		if err != nil {
			return nil, err
		}
		transport.Proxy = http.ProxyURL(address)
		p.HttpProfile.Endpoint = service + ".tencentcloudapi.com"
	}
	client := common.NewCommonClient(common.NewTokenCredential(c.id, c.key, c.token), "ap-guangzhou", p).WithHttpTransport(transport)
	request := tchttp.NewCommonRequest(service, version, action)
	if c.method == http.MethodPost && c.signer == "TC3-HMAC-SHA256" {
		if err := request.SetActionParameters(params); err != nil {
			return nil, err
		}
	} else {
		flatten(request.GetParams(), "", params) // The generic client leaves this to its user.
	}
	response := tchttp.NewCommonResponse()
	err := client.Send(request, response)
	return response.GetBody(), err
}

func flatten(into map[string]string, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, e := range v {
			flatten(into, strings.TrimPrefix(path+"."+name, "."), e)
		}
	case []any:
		for i, e := range v {
			flatten(into, path+"."+strconv.Itoa(i), e)
		}
	default:
		into[path] = fmt.Sprint(v)
	}
}

func everyField(id string, x float64) map[string]any {
	type object = map[string]any
	return object{
		"MixStreamSessionId": id,
		"InputStreamList": []any{
			object{"InputStreamName": id + "_canvas", "LayoutParams": object{"ImageLayer": 1, "InputType": 3, "ImageWidth": 1280, "ImageHeight": 720, "Color": "0x202020"}},
			object{
				"InputStreamName": id + "_host",
				"LayoutParams":    object{"ImageLayer": 2, "ImageWidth": 0.5, "ImageHeight": 0.5, "LocationX": x, "LocationY": 0.25},
				"CropParams":      object{"CropWidth": 640, "CropHeight": 360, "CropStartLocationX": 10, "CropStartLocationY": 20},
			},
			object{"InputStreamName": id + "_logo", "LayoutParams": object{"ImageLayer": 3, "InputType": 2, "WatermarkId": 7, "ImageWidth": 100, "ImageHeight": 50}},
		},
		"OutputParams": object{
			"OutputStreamName": id + "_out", "OutputStreamType": 1, "OutputStreamBitRate": 2500, "OutputStreamGop": 2, "OutputStreamFrameRate": 25,
			"OutputAudioBitRate": 128, "OutputAudioSampleRate": 48000, "OutputAudioChannels": 2, "MixSei": "eyJhIjoxfQ==",
		},
		"ControlParams": object{"UseMixCropCenter": 1, "PassInputSei": 1},
	}
}
