// SPDX-License-Identifier: MPL-2.0

// Calls the simulator at LIVESIM_URL by Tencent's own SDK for Node.js. It prints one line of JSON for each call: what was
// called, what came of it, and whether that was right.

import commonSDK from "tencentcloud-sdk-nodejs-common";
import stsSDK from "tencentcloud-sdk-nodejs-sts";
import exceptionSDK from "tencentcloud-sdk-nodejs-common/tencentcloud/common/exception/tencent_cloud_sdk_exception.js";

const { CommonClient } = commonSDK;
const { Client: StsClient } = stsSDK.sts.v20180813;
const SDKError = exceptionSDK.default;

const url = process.env.LIVESIM_URL;
const credential = { secretId: process.env.TENCENTCLOUD_SECRET_ID, secretKey: process.env.TENCENTCLOUD_SECRET_KEY };
const liveHost = "live.tencentcloudapi.com";
const stsHost = "sts.tencentcloudapi.com";
const roleArn = process.env.LIVESIM_ROLE;

let way = "";
let failures = 0;

function report(call, outcome, ok) {
  console.log(JSON.stringify({ client: `Node.js, ${way}`, call, outcome, ok }));
  if (!ok) failures++;
}

async function admin(path, body, method = "POST") {
  const resp = await fetch(`${url}/_sim/${path}`, { method, body: body && JSON.stringify(body) });
  if (!resp.ok) throw new Error(`${path}: ${resp.status} ${await resp.text()}`);
}

// succeeds calls and checks what is answered.
async function succeeds(call, promise, check = () => true) {
  try {
    const answer = await promise;
    report(call, "success", Boolean(answer.RequestId) && check(answer));
    return answer;
  } catch (e) {
    report(call, `${e.code ?? "error"}: ${e.message}`, false);
    return {};
  }
}

// fails calls and checks that the SDK's own error has the code.
async function fails(call, code, promise, check = () => true) {
  try {
    await promise;
    report(call, "success", false);
  } catch (e) {
    const right = e instanceof SDKError && e.code === code && /^[0-9a-f-]{36}$/.test(e.requestId) && check(e);
    report(call, right ? e.code : `${e.code}: ${e.message} (${e.constructor.name}, ${e.requestId})`, right);
  }
}

// breaks calls and checks that the SDK's own error has no code of the API.
async function breaks(call, promise, check = () => true) {
  try {
    await promise;
    report(call, "success", false);
  } catch (e) {
    report(call, e.httpCode ? `HTTP ${e.httpCode}` : e.constructor.name, e.code === undefined && check(e));
  }
}

function everyField(id) {
  return {
    MixStreamSessionId: id,
    MixStreamTemplateId: 0,
    InputStreamList: [
      {
        InputStreamName: `${id}_canvas`,
        LayoutParams: { ImageLayer: 1, InputType: 3, ImageWidth: 1280, ImageHeight: 720, Color: "0x202020" },
      },
      {
        InputStreamName: `${id}_host`,
        LayoutParams: { ImageLayer: 2, InputType: 0, ImageWidth: 0.5, ImageHeight: 0.5, LocationX: 0.05, LocationY: 0.25 },
        CropParams: { CropWidth: 640, CropHeight: 360, CropStartLocationX: 10, CropStartLocationY: 20 },
        PortraitSegmentParams: { Color: "0x00ff00" },
      },
      { InputStreamName: `${id}_logo`, LayoutParams: { ImageLayer: 3, InputType: 2, WatermarkId: 7, ImageWidth: 100, ImageHeight: 50, LocationX: 20, LocationY: 20 } },
      { InputStreamName: `${id}_voice`, LayoutParams: { ImageLayer: 4, InputType: 4 } },
    ],
    OutputParams: {
      OutputStreamName: `${id}_out`,
      OutputStreamType: 1,
      OutputStreamBitRate: 2500,
      OutputStreamGop: 2,
      OutputStreamFrameRate: 25,
      OutputAudioBitRate: 128,
      OutputAudioSampleRate: 48000,
      OutputAudioChannels: 2,
      MixSei: "eyJhIjoxfQ==",
    },
    ControlParams: { UseMixCropCenter: 1, AllowCopy: 0, PassInputSei: 1, UsePictureTransparent: 1 },
  };
}

function live(profile, with_ = credential, version = "2018-08-01") {
  return new CommonClient(liveHost, version, {
    credential: with_,
    region: "ap-guangzhou",
    // The SDK takes the end of a connection in the middle of an answer for silence, so its timeout counts.
    profile: { ...profile, httpProfile: { protocol: "http://", proxy: url, reqTimeout: 5, ...profile.httpProfile } },
  });
}

function sts(profile, with_ = credential) {
  return new StsClient({
    credential: with_,
    region: "ap-guangzhou",
    profile: { ...profile, httpProfile: { protocol: "http://", proxy: url, endpoint: stsHost, ...profile.httpProfile } },
  });
}

async function tryAll(profile, id) {
  const client = live(profile);
  const state = { AppName: "live", DomainName: "push.example.com", StreamName: `${id}_out` };
  const session = { MixStreamSessionId: id };
  const create = everyField(id);

  await succeeds("create, every field", client.request("CreateCommonMixStream", create));
  create.InputStreamList[1].LayoutParams.LocationX = 0.45;
  await succeeds("change", client.request("CreateCommonMixStream", create));
  await succeeds("state", client.request("DescribeLiveStreamState", state), (a) => a.StreamState === "active");
  await succeeds("list", client.request("DescribeLiveStreamOnlineList", { PageNum: 1, PageSize: 100, StreamName: `${id}_out` }),
    (a) => a.TotalNum === 1 && a.OnlineInfo[0].StreamName === `${id}_out`);
  await succeeds("cancel", client.request("CancelCommonMixStream", session));
  await fails("cancel again", "FailedOperation.CancelSessionNotExist", client.request("CancelCommonMixStream", session));
  await succeeds("state of the ended output", client.request("DescribeLiveStreamState", state), (a) => a.StreamState === "inactive");

  await fails("unknown field", "UnknownParameter", client.request("CancelCommonMixStream", { ...session, Nothing: 1 }));
  await fails("missing field", "MissingParameter", client.request("CancelCommonMixStream", {}));
  await fails("unknown action", "InvalidAction", client.request("CancelNothing", session));
  await fails("unknown version", "NoSuchVersion", live(profile, credential, "2017-01-01").request("CancelCommonMixStream", session));
  await fails("wrong key", "AuthFailure.SignatureFailure", live(profile, { ...credential, secretKey: "wrong" }).request("CancelCommonMixStream", session));
  await fails("wrong ID", "AuthFailure.SecretIdNotFound", live(profile, { ...credential, secretId: "wrong" }).request("CancelCommonMixStream", session));
  await admin("clock", { skew: "10m" });
  await fails("expired signature", "AuthFailure.SignatureExpire", client.request("CancelCommonMixStream", session));
  await admin("clock", { skew: "0s" });
  await fails("messages in Chinese", "InvalidAction", live({ ...profile, language: "zh-CN" }).request("CancelNothing", session),
    (e) => e.message.startsWith("接口不存在"));
  await fails("trace ID", "InvalidAction", client.request("CancelNothing", session, { headers: { "X-TC-TraceId": `trace-${id}` } }),
    (e) => e.traceId === `trace-${id}`);

  await tryKeys(profile, state);
  await tryFaults(client, session);
}

async function tryKeys(profile, state) {
  const role = { RoleArn: roleArn, RoleSessionName: "interop" };
  const { Credentials: keys = {} } = await succeeds("AssumeRole", sts(profile).AssumeRole(role), (a) => Boolean(a.Credentials.Token));
  const temporary = { secretId: keys.TmpSecretId, secretKey: keys.TmpSecretKey, token: keys.Token };
  await succeeds("call with temporary keys", live(profile, temporary).request("DescribeLiveStreamState", state));
  await fails("temporary keys, wrong token", "AuthFailure.TokenFailure", live(profile, { ...temporary, token: "x" }).request("DescribeLiveStreamState", state));
  await succeeds("GetCallerIdentity", sts(profile, temporary).GetCallerIdentity(), (a) => a.Type === "CAMRole");
  await succeeds("AssumeRoleWithWebIdentity, signed",
    sts(profile).AssumeRoleWithWebIdentity({ ...role, ProviderId: "idp", WebIdentityToken: "identity-token" }), (a) => Boolean(a.Credentials.Token));
  await fails("AssumeRoleWithWebIdentity, wrong token", "InvalidParameter.WebIdentityTokenError",
    sts(profile).AssumeRoleWithWebIdentity({ ...role, ProviderId: "idp", WebIdentityToken: "x" }));
  await fails("AssumeRole at the live host", "InvalidAction", live(profile, credential, "2018-08-13").request("AssumeRole", role));
}

async function tryFaults(client, session) {
  const fault = { action: "CancelCommonMixStream" };
  const call = () => client.request("CancelCommonMixStream", session);
  await admin("faults", { ...fault, error: { code: "InternalError", message: "injected" } });
  await fails("fault InternalError", "InternalError", call(), (e) => e.message === "injected");
  await admin("faults", { ...fault, status: 502 });
  await breaks("fault 502", call(), (e) => e.httpCode === 502);
  for (const other of [{ cut: true }, { truncate: true }, { not_json: true }, { foreign: "null" }, { foreign: "gateway" }]) {
    await admin("faults", { ...fault, ...other });
    await breaks(`fault ${JSON.stringify(other)}`, call());
  }
}

for (const signMethod of ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"]) {
  for (const reqMethod of ["POST", "GET"]) {
    way = `${signMethod}, ${reqMethod}`;
    await tryAll({ signMethod, httpProfile: { reqMethod } }, `node_${signMethod}_${reqMethod}`.replaceAll("-", "_"));
  }
}

way = "TC3-HMAC-SHA256, skipSign";
const web = { RoleArn: roleArn, RoleSessionName: "interop", ProviderId: "idp", WebIdentityToken: "identity-token" };
await succeeds("AssumeRoleWithWebIdentity", sts({}).request("AssumeRoleWithWebIdentity", web, { skipSign: true }), (a) => Boolean(a.Credentials.Token));

way = "TC3-HMAC-SHA256, http_proxy";
process.env.http_proxy = url;
await succeeds("list", live({ httpProfile: { proxy: undefined } }).request("DescribeLiveStreamOnlineList", {}));
delete process.env.http_proxy;

way = "TC3-HMAC-SHA256, the address as endpoint";
await fails("list", "AuthFailure.SignatureFailure",
  live({ httpProfile: { proxy: undefined, endpoint: new URL(url).host } }).request("DescribeLiveStreamOnlineList", {}),
  (e) => e.message.includes('it names the service "127"') && e.message.includes("HTTP proxy"));

process.exitCode = failures === 0 ? 0 : 1;
