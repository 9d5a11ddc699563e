namespace PolicyPlatform.Shared.Search;

/// <summary>
/// Finds a text whether it, or what is asked for, is written with traditional or with simplified characters. Character by character: the
/// words of law and administration, names of places and families. A traditional character that stands for several simplified ones is not
/// told apart; one that means something else in simplified texts (乾, 後, 於) goes the way that it nearly always goes.
/// </summary>
static class SimplifiedCharacters
{
    // 總总: the traditional character, and the simplified one for it.
    const string Pairs =
        "萬万與与專专業业東东絲丝丟丢兩两嚴严喪丧個个豐丰臨临為为爲为麗丽舉举義义烏乌樂乐喬乔習习鄉乡書书買买亂乱爭争於于虧亏雲云亞亚產产畝亩親亲"
        + "億亿僅仅從从侖仑倉仓儀仪們们價价眾众衆众優优會会傘伞偉伟傳传傷伤倫伦偽伪體体餘余傭佣俠侠侶侣僥侥偵侦側侧僑侨債债傾倾儲储兒儿黨党蘭兰關关興兴"
        + "養养獸兽內内岡冈冊册寫写軍军農农馮冯衝冲決决況况凍冻淨净涼凉減减湊凑幾几鳳凤憑凭凱凯擊击鑿凿劃划劉刘則则剛刚創创刪删別别劇剧劍剑劑剂勸劝辦办務务"
        + "動动勵励勁劲勞劳勢势勛勋匯汇彙汇匱匮區区醫医華华協协單单賣卖盧卢衛卫卻却廠厂廳厅歷历曆历厲厉壓压厭厌廁厕廈厦縣县參参雙双發发髮发變变敘叙疊叠葉叶"
        + "號号嘆叹後后嚇吓呂吕嗎吗啟启啓启吳吴員员問问圍围園园國国圖图圓圆聖圣場场壞坏塊块堅坚壇坛壩坝墳坟墜坠壘垒墾垦墊垫壯壮聲声殼壳壺壶處处備备復复複复"
        + "夠够頭头誇夸夾夹奪夺奮奋獎奖奧奥婦妇媽妈嫵妩孫孙學学寧宁寶宝實实寵宠審审憲宪宮宫寬宽賓宾對对尋寻導导壽寿將将爾尔塵尘嘗尝堯尧屍尸盡尽層层屬属"
        + "歲岁豈岂嶼屿嶺岭島岛峽峡崗岗嶄崭鞏巩幣币帥帅師师帳帐簾帘幟帜帶带幫帮幹干乾干並并併并幷并廣广莊庄慶庆廬庐庫库應应廟庙龐庞廢废開开異异棄弃張张彌弥彎弯"
        + "彈弹強强歸归當当錄录徑径徹彻徵征憂忧懷怀態态總总戀恋懇恳惡恶惱恼悅悦懸悬驚惊懼惧慘惨懲惩慣惯憤愤願愿戰战戲戏戶户紮扎撲扑執执擴扩掃扫揚扬擾扰撫抚"
        + "拋抛搶抢護护報报擔担擬拟攏拢揀拣擁拥攔拦擇择掛挂摯挚損损搗捣據据擺摆搖摇攤摊敵敌數数齋斋鬥斗斬斩斷断無无舊旧時时曠旷曉晓曬晒暫暂術术樸朴機机殺杀"
        + "雜杂權权條条來来楊杨極极構构樞枢棗枣槍枪楓枫標标棧栈棟栋欄栏樹树棲栖樣样橋桥檔档檢检樓楼橫横櫃柜歐欧歡欢殘残毆殴毀毁畢毕氣气漢汉湯汤溝沟沒没淪沦"
        + "滬沪淚泪澤泽潔洁灑洒淺浅漿浆測测濟济瀏浏濃浓濤涛澇涝渦涡潤润漲涨漸渐漁渔滲渗溫温灣湾濕湿滯滞滿满濾滤濫滥濱滨灘滩瀾澜滅灭燈灯靈灵災灾爐炉點点煉炼"
        + "爛烂熱热煙烟煩烦燒烧燙烫牆墙墻墙牽牵犧牺狀状獨独獄狱獲获獵猎瑪玛環环現现璽玺瓊琼電电畫画療疗瘋疯瘡疮癢痒皺皱盜盗盤盘監监蓋盖盞盏睜睁矚瞩矯矫礦矿"
        + "碼码磚砖確确礎础禮礼禍祸離离禿秃稅税穀谷積积稱称穩稳窮穷竊窃窯窑競竞筆笔簡简籌筹簽签籤签類类糧粮緊紧糾纠紅红級级約约紀纪純纯紗纱納纳紐纽紛纷紙纸"
        + "紡纺線线練练組组紳绅細细織织終终紹绍經经綁绑結结繞绕繪绘給给絡络絕绝絞绞統统綠绿績绩緒绪續续綜综綱纲網网維维綿绵緣缘編编緩缓緝缉縮缩繳缴繼继罷罢罰罚"
        + "羅罗聯联職职聰聪聾聋腸肠膚肤腫肿脹胀勝胜膠胶腦脑腳脚臟脏髒脏艦舰艱艰藝艺節节蕪芜蘇苏範范莖茎薦荐榮荣藥药蔣蒋蕭萧薩萨虜虏慮虑蝕蚀蟲虫蠶蚕補补襯衬"
        + "襲袭裝装製制見见規规視视覽览覺觉觀观計计訂订訃讣認认討讨讓让訓训議议訊讯記记講讲許许論论訟讼設设訪访證证評评識识訴诉診诊詞词試试詩诗誠诚話话該该詳详"
        + "語语誤误說说請请諸诸課课調调談谈謀谋諮咨謝谢謂谓譯译護护讀读貝贝貞贞負负貢贡財财責责賢贤敗败賬账貨货質质販贩貪贪貧贫購购貫贯貴贵貸贷貿贸費费賀贺資资"
        + "賊贼賑赈賠赔賦赋賞赏賜赐賴赖贈赠趙赵趕赶跡迹蹟迹踐践躍跃車车軌轨軟软轉转輪轮輔辅輕轻載载較较輛辆輸输轄辖辭辞邊边遼辽達达遷迁過过邁迈運运還还這这進进"
        + "遠远違违連连遲迟適适選选遞递遺遗鄰邻鄭郑鄧邓釋释裡里裏里釀酿針针鈔钞鋼钢鐵铁銀银銅铜銷销鋪铺鎮镇鎖锁錢钱鍋锅錯错鍵键鏡镜鐘钟鍾钟長长門门閉闭闖闯閒闲間间"
        + "閱阅闡阐隊队陽阳陰阴陣阵階阶際际陸陆陳陈險险隨随隱隐隸隶難难雖虽雞鸡霧雾靜静頁页頂顶項项順顺須须預预頒颁領领頻频題题額额顏颜風风飛飞飯饭飲饮館馆"
        + "馬马駐驻駕驾驗验騙骗驅驱魚鱼鮮鲜鳥鸟鹽盐麥麦黃黄齊齐齡龄龍龙龜龟濰潍濟济鄆郓鉅巨鋸锯遊游採采佈布佔占週周盃杯準准嚮向傢家僱雇擡抬臺台檯台颱台"
        + "竈灶綫线衹只隻只祇只睏困鬆松慾欲誌志註注讚赞贊赞徵征係系繫系繋系託托沖冲燉炖覈核麵面麼么傑杰薑姜捲卷鬱郁癥症捨舍籲吁闢辟鑒鉴鑑鉴閘闸擋挡";

    static readonly char[] Simplified = Make();

    /// <summary>The text with simplified characters; as long as before.</summary>
    public static string Of(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (Simplified[text[i]] != text[i])
                return string.Create(
                    text.Length,
                    text,
                    (simplified, given) =>
                    {
                        for (var j = 0; j < given.Length; j++)
                            simplified[j] = Simplified[given[j]];
                    }
                );
        return text;
    }

    static char[] Make()
    {
        var table = new char[char.MaxValue + 1];
        for (var c = 0; c < table.Length; c++)
            table[c] = (char)c;
        for (var i = 0; i < Pairs.Length; i += 2)
            table[Pairs[i]] = Pairs[i + 1];
        return table;
    }
}
